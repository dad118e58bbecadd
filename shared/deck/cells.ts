/** Spreadsheets take a cell that begins with one of these for a formula, some also the full-width forms. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/

/**
 * A cell that no spreadsheet runs: an apostrophe before what would be a formula, which spreadsheets take for "this is text". A text
 * that has such apostrophes of its own gets one more, so that `unguarded` gives each text back.
 */
export const guarded = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell)

/** The text of a guarded cell. */
export const unguarded = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell)

/** Texts of one line each, as lines of one cell. */
export const listCell = (items: readonly string[]): string => {
  const [first = ''] = items
  // The line end says that the bar is the text's own.
  return items.length === 1 && first.includes('|') ? `${first}\n` : items.join('\n')
}

/** The texts of a cell: its lines, or, for who writes a table by hand, what stands between bars. */
export const listOf = (cell: string): string[] =>
  cell.split(/[\r\n]/.test(cell) ? /[\r\n]+/ : '|').filter((item) => item.trim() !== '')

/** A number as people write it in a cell; undefined for an empty one, and the text itself for what is none, to be refused by the schema. */
export function numberIn(cell: string): number | string | undefined {
  const text = cell.trim()
  if (text === '') return undefined
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text
}
