/** The drawing's own units, whatever its size on a screen. */
export const SIZE = { width: 1_000, height: 625 } as const

export type Point = readonly [x: number, y: number]

const clamp = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most))

/** A whole place on the drawing. */
export const within = ([x, y]: Point): Point => [clamp(x, SIZE.width), clamp(y, SIZE.height)]

export const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by)

const pointsOf = (flat: readonly number[]): Point[] =>
  Array.from({ length: Math.floor(flat.length / 2) }, (_, i): Point => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0])

/** An SVG path through the points, its corners rounded. One point is a dot. */
export function pathOf(flat: readonly number[]): string {
  const points = pointsOf(flat)
  const [first, ...rest] = points
  if (first === undefined) return ''
  const begin = `M${first[0]} ${first[1]}`
  const last = rest.at(-1)
  if (last === undefined) return `${begin}h.01`
  const curves = rest.slice(0, -1).map(([x, y], i) => {
    const [nextX, nextY] = rest[i + 1] ?? [x, y]
    return `Q${x} ${y} ${(x + nextX) / 2} ${(y + nextY) / 2}`
  })
  return `${begin}${curves.join('')}L${last[0]} ${last[1]}`
}

/** The same line with fewer points (Douglas and Peucker 1973): none of those left out is further from it than `tolerance`. */
export function thinned(flat: readonly number[], tolerance = 1.2): number[] {
  return thin(pointsOf(flat), tolerance).flat()
}

function thin(points: readonly Point[], tolerance: number): Point[] {
  const [first, last] = [points.at(0), points.at(-1)]
  if (first === undefined || last === undefined || points.length < 3) return [...points]
  let [farthest, most] = [0, 0]
  points.forEach((point, i) => {
    const off = offLine(point, first, last)
    if (off > most) [farthest, most] = [i, off]
  })
  if (most <= tolerance) return [first, last]
  const before = thin(points.slice(0, farthest + 1), tolerance)
  return [...before.slice(0, -1), ...thin(points.slice(farthest), tolerance)]
}

function offLine([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const length = Math.hypot(bx - ax, by - ay)
  if (length === 0) return Math.hypot(x - ax, y - ay)
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
}
