import { LIMITS } from '../limits.ts'
import type { RowError } from './report.ts'

/** A row that has something in it. */
export interface Row {
  row: number
  cells: string[]
}

export interface Table {
  rows: Row[]
  errors: RowError[]
}

export interface TableFormat {
  /** One character between the cells. */
  separator: string
  /** Rows that begin with it are left out. */
  comment?: string
}

interface Piece {
  text: string
  next: number
}

const { importRows, importRowChars, importCells } = LIMITS.deck
const isEnd = (char: string) => char === '' || char === '\n' || char === '\r'

/** A text without the byte order mark that spreadsheets put before it. */
export const withoutMark = (text: string) => text.replace(/^\ufeff/, '')

/** The first line of a table without what is in quotes, which may well be lines: for guessing what separates its cells. */
export const firstLine = (text: string) =>
  text
    .slice(0, importRowChars)
    .replaceAll(/"[^"]*"/g, '')
    .replace(/[\r\n][^]*$/, '')

/**
 * Reads a table by RFC 4180: a cell in quotes may hold separators, line ends and doubled quotes. Line ends may be CRLF, LF or CR; a
 * quote inside of a cell without quotes is itself. A row that cannot be read is an error, and reading goes on with the line after the
 * one where it began. No row is looked at past its limit, so that the work stays in bounds whatever the text.
 */
export function readTable(text: string, format: TableFormat): Table {
  const table: Table = { rows: [], errors: [] }
  let at = 0
  for (let row = 1; at < text.length; row++) {
    if (row > importRows) {
      table.errors.push({ row, rule: 'too-many-rows', why: `the limit is ${importRows} rows` })
      break
    }
    const isComment = format.comment !== undefined && text.startsWith(format.comment, at)
    const read = isComment ? { cells: [], next: nextLine(text, at) } : readRow(text, at, format.separator)
    if (typeof read === 'string') table.errors.push({ row, rule: 'row-unreadable', why: read })
    else if (read.cells.some((cell) => cell !== '')) table.rows.push({ row, cells: read.cells })
    at = typeof read === 'string' ? nextLine(text, at) : read.next
  }
  return table
}

/** The cells of the row that begins at `start`, or what is wrong with it. */
function readRow(text: string, start: number, separator: string): { cells: string[]; next: number } | string {
  const most = start + importRowChars
  const cells: string[] = []
  let at = start
  for (;;) {
    const cell = text[at] === '"' ? readQuoted(text, at, most) : readPlain(text, at, separator)
    if (cell === null) return `a quote is not closed within ${importRowChars} characters`
    const after = text.charAt(cell.next)
    if (after !== separator && !isEnd(after)) return `text follows a closing quote in cell ${cells.length + 1}`
    if (cell.next > most) return `the row is over ${importRowChars} characters`
    cells.push(cell.text)
    if (cells.length > importCells) return `the row has over ${importCells} cells`
    if (isEnd(after)) return { cells, next: nextLine(text, cell.next) }
    at = cell.next + 1
  }
}

function readQuoted(text: string, start: number, most: number): Piece | null {
  // Only up to the limit: a search to the end of the text for each row would be quadratic.
  const within = text.slice(start, most)
  let cell = ''
  for (let from = 1; ;) {
    const quote = within.indexOf('"', from)
    if (quote < 0) return null
    cell += within.slice(from, quote)
    if (within[quote + 1] !== '"') return { text: cell, next: start + quote + 1 }
    cell += '"'
    from = quote + 2
  }
}

function readPlain(text: string, start: number, separator: string): Piece {
  let at = start
  for (let char = text.charAt(at); char !== separator && !isEnd(char); char = text.charAt(at)) at++
  return { text: text.slice(start, at), next: at }
}

/** Where the line after the one of `from` begins. */
function nextLine(text: string, from: number): number {
  let at = from
  while (!isEnd(text.charAt(at))) at++
  return text.startsWith('\r\n', at) ? at + 2 : at + 1
}

/** One row of a table, with quotes where RFC 4180 needs them. */
export const writeRow = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
