import { cardsOfNotes, type Note, type NotesOptions, sidesFirst } from './notes.ts'
import type { Imported } from './report.ts'
import { firstLine, readTable, withoutMark } from './table.ts'

/** What the headers of an Anki text file say. Columns count from 0 here, from 1 in the file. */
interface Head {
  separator: string
  markup: NotesOptions['markup']
  names: string[]
  tags: string[]
  tagsColumn: number | null
  /** Columns that say something of the note, and are no fields of it: its id, deck or type. */
  otherColumns: number[]
}

const SEPARATORS: Readonly<Record<string, string>> = {
  tab: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  colon: ':',
  space: ' ',
}
/** Where nothing names it: the first of these in the first row. */
const GUESSES = ['\t', ';', '|', ','] as const
const LOOKS_HTML = /<(?:br|div|p|b|i|u|em|strong|span|img|ul|ol|li|sub|sup|a)\b|&(?:nbsp|amp|lt|gt|quot);/i

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '')
const columnIn = (value: string | undefined) => {
  const column = Number(value)
  return Number.isInteger(column) && column > 0 ? column - 1 : null
}

/** Reads the lines `#key:value` at the top; of a key that is there twice the last counts, as in Anki. */
function readHead(text: string): Head {
  const values = new Map<string, string>()
  const lines = text.split(/\r\n|\n|\r/)
  const first = lines.findIndex((line) => !line.startsWith('#'))
  for (const line of first < 0 ? lines : lines.slice(0, first)) {
    const [, key = '', value = ''] = /^#([^:]+):(.*)$/.exec(line) ?? []
    values.set(key.trim().toLowerCase(), value)
  }
  const separator = separatorOf(values.get('separator') ?? '') ?? guess(first < 0 ? '' : lines.slice(first).join('\n'))
  const says = values.get('html')?.trim().toLowerCase()
  const names = columnNames(values.get('columns'), separator)
  const named = names.indexOf('tags')
  return {
    separator,
    markup: says === 'true' || (says !== 'false' && LOOKS_HTML.test(text)) ? 'html' : 'text',
    names,
    tags: words(values.get('tags') ?? ''),
    tagsColumn: columnIn(values.get('tags column')) ?? (named < 0 ? null : named),
    otherColumns: ['deck', 'notetype', 'guid'].flatMap((key) => columnIn(values.get(`${key} column`)) ?? []),
  }
}

const separatorOf = (value: string) =>
  Object.values(SEPARATORS).find((separator) => separator === value) ??
  Object.entries(SEPARATORS).find(([name]) => name === value.trim().toLowerCase())?.[1]
const guess = (rows: string) => {
  const line = firstLine(rows)
  return GUESSES.find((separator) => line.includes(separator)) ?? '\t'
}
const columnNames = (value: string | undefined, separator: string) =>
  value === undefined
    ? []
    : (readTable(value, { separator }).rows[0]?.cells ?? []).map((name) => name.trim().toLowerCase())

/** The columns of the fields, front and back before the others. */
function fieldColumns({ names, tagsColumn, otherColumns }: Head, width: number): number[] {
  const all = Array.from({ length: width }, (_, i) => i)
  const fields = all.filter((column) => column !== tagsColumn && !otherColumns.includes(column))
  return sidesFirst(fields, names)
}

/**
 * Reads a text file as Anki exports and imports it (docs.ankiweb.net, "Text files"): headers `#separator`, `#html`, `#columns`, `#tags`,
 * `#tags column`, `#deck column`, `#notetype column`, `#guid column`; other lines that begin with # are comments. Also a plain CSV or
 * TSV of fronts and backs without any header.
 */
export function readAnkiText(given: string, as: NotesOptions['as']): Imported {
  const text = withoutMark(given)
  const head = readHead(text)
  const table = readTable(text, { separator: head.separator, comment: '#' })
  const notes = table.rows.map(({ row, cells }): Note => {
    const own = head.tagsColumn === null ? [] : words(cells[head.tagsColumn] ?? '')
    return {
      row,
      fields: fieldColumns(head, cells.length).map((column) => cells[column] ?? ''),
      tags: [...head.tags, ...own],
    }
  })
  return cardsOfNotes(notes, { markup: head.markup, as, errors: table.errors })
}
