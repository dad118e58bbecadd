/**
 * The Damerau-Levenshtein distance of two texts (an insertion, a deletion, another character, or two neighbours swapped; no part is
 * edited twice), counted in code points; null if it is over `most`. Only the band of the table that can matter is filled, so the
 * work grows with the length times `most`.
 */
export function distanceWithin(from: string, to: string, most: number): number | null {
  const a = [...from]
  const b = [...to]
  if (Math.abs(a.length - b.length) > most) return null
  let before: number[] = []
  let above = b.map((_, j) => j).concat(b.length)
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i]
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j++) {
      const kept = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(kept, at(above, j) + 1, at(row, j - 1) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(at(row, j), at(before, j - 2) + 1)
    }
    before = above
    above = row
  }
  const distance = at(above, b.length)
  return distance <= most ? distance : null
}

/** Outside of the band is further than what is looked for. */
const at = (row: readonly number[], j: number) => row[j] ?? Number.POSITIVE_INFINITY
