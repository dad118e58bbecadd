import type { CardBody } from './cards.ts'
import { guarded, unguarded } from './cells.ts'
import { type Cells, type Column, COLUMNS, cardOfCells, cellsOf } from './columns.ts'
import type { NotesOptions } from './notes.ts'
import { type Imported, takeCards } from './report.ts'
import { firstLine, readTable, type Row, withoutMark, writeRow } from './table.ts'

/** Other names that people give the columns. */
const ALIASES: Readonly<Record<string, Column>> = {
  question: 'prompt',
  front: 'prompt',
  term: 'prompt',
  back: 'answer',
  definition: 'answer',
  accepted: 'answer',
  correct: 'answer',
  choices: 'options',
  'time limit': 'seconds',
}

const columnNamed = (name: string): Column | null => {
  const plain = name.trim().toLowerCase()
  return COLUMNS.find((column) => column === plain) ?? (Object.hasOwn(ALIASES, plain) ? (ALIASES[plain] ?? null) : null)
}

/** What the first line has first. */
const separatorOf = (text: string) => /[,;\t]/.exec(firstLine(text))?.[0] ?? ','

/**
 * Reads a CSV or TSV whose first row names columns (`COLUMNS`, or their usual other names); unknown columns are passed over. Only
 * `prompt` must be there.
 */
export function readCardTable(given: string, as: NotesOptions['as']): Imported {
  const text = withoutMark(given)
  const { rows, errors } = readTable(text, { separator: separatorOf(text) })
  const [head, ...body] = rows
  const columns = (head?.cells ?? []).map((cell) => columnNamed(unguarded(cell)))
  if (head === undefined || !columns.includes('prompt')) {
    const why = 'the first row names no column `prompt`'
    return takeCards([], [{ row: head?.row ?? 1, rule: 'row-unreadable', why }])
  }
  return takeCards(
    body.map((row) => ({ row: row.row, card: cardOfCells(cellsIn(row, columns), as) })),
    errors,
  )
}

function cellsIn({ cells }: Row, columns: readonly (Column | null)[]): Cells {
  const named: Cells = {}
  for (const [i, column] of columns.entries()) if (column !== null) named[column] ??= unguarded(cells[i] ?? '')
  return named
}

/**
 * The cards as CSV by RFC 4180, which `readCardTable` reads back: everything but their ids. No cell begins like a formula, since
 * whoever opens the file did not write the cards.
 */
export function writeCardTable(cards: readonly CardBody[]): string {
  const rows = cards.map((card) => {
    const cells = cellsOf(card)
    return COLUMNS.map((column) => guarded(cells[column] ?? ''))
  })
  return [COLUMNS, ...rows].map((row) => `${writeRow(row)}\r\n`).join('')
}
