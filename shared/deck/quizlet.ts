import { LIMITS } from '../limits.ts'
import { cardsOfNotes, type Note, type NotesOptions } from './notes.ts'
import type { Imported, RowError } from './report.ts'
import { withoutMark } from './table.ts'

/**
 * Reads lines of term, tab, definition, as Quizlet's export and its import by copy and paste have them. Nothing is quoted there, so a
 * quote is a quote; a line without a tab is an error.
 */
export function readTabText(text: string, as: NotesOptions['as']): Imported {
  const { importRows, importRowChars } = LIMITS.deck
  const notes: Note[] = []
  const errors: RowError[] = []
  for (const [i, line] of withoutMark(text)
    .split(/\r\n|\n|\r/)
    .entries()) {
    const row = i + 1
    if (line.trim() === '') continue
    if (row > importRows) {
      errors.push({ row, rule: 'too-many-rows', why: `the limit is ${importRows} rows` })
      break
    }
    const tab = line.indexOf('\t')
    if (tab < 0) errors.push({ row, rule: 'row-unreadable', why: 'there is no tab between term and definition' })
    else if (line.length > importRowChars)
      errors.push({ row, rule: 'row-unreadable', why: `the row is over ${importRowChars} characters` })
    else notes.push({ row, fields: [line.slice(0, tab), line.slice(tab + 1)], tags: [] })
  }
  return cardsOfNotes(notes, { markup: 'text', as, errors })
}
