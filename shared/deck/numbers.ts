/** Numbers inside of a folded text, with a minus that nothing stands before. */
const NUMBER = /(?:(?<![\p{L}\p{N}])-)?\d+(?:[.,]\d+)*/gu
/** A text that is one number: groups of thousands may have spaces between. */
const WHOLE = /^([+-]?)(\d+(?:[.,]\d+)*|\d{1,3}(?: \d{3})+(?:[.,]\d+)?)$/
const GROUPS = /^[1-9]\d{0,2}(?:\D\d{3})+$/

/** Sign, digits and decimals as text, since a float would take large numbers for each other. */
const canonical = (sign: string, whole: string, decimals: string) => {
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${decimals.replace(/0+$/, '')}`
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits
}

/**
 * What a text means as a number, or `[]` if it is none. A single point or comma before three digits has two readings, decimals and
 * thousands, as countries differ.
 */
export function readings(text: string): string[] {
  const [, sign = '', spaced] = WHOLE.exec(text) ?? []
  if (spaced === undefined) return []
  const digits = spaced.replaceAll(' ', '')
  const mark = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (mark < 0) return [canonical(sign, digits, '')]
  const head = digits.slice(0, mark)
  const found: string[] = []
  if (/^\d+$/.test(head) || (GROUPS.test(head) && !head.includes(digits.charAt(mark))))
    found.push(canonical(sign, head.replaceAll(/\D/g, ''), digits.slice(mark + 1)))
  if (GROUPS.test(digits) && new Set(digits.replaceAll(/\d/g, '')).size === 1)
    found.push(canonical(sign, digits.replaceAll(/\D/g, ''), ''))
  return found
}

/**
 * Whether two folded texts are the same number; null if one of them is no number. A single point in what is accepted is a decimal
 * point: 1.234 is not also 1234.
 */
export function sameNumber(accepted: string, given: string): boolean | null {
  const meant = accepted.includes('.') ? readings(accepted).slice(0, 1) : readings(accepted)
  const read = readings(given)
  if (meant.length === 0 || read.length === 0) return null
  return meant.some((number) => read.includes(number))
}

/** Whether two folded texts have the same numbers in the same places of their order, as they are written. */
export function sameNumbersInside(one: string, other: string): boolean {
  return (one.match(NUMBER) ?? []).join(' ') === (other.match(NUMBER) ?? []).join(' ')
}
