import { z } from 'zod'
import { readAnkiText } from './anki.ts'
import { readTabText } from './quizlet.ts'
import { checkImportSize, type Imported } from './report.ts'
import { readCardTable } from './tables.ts'

/**
 * `table`: CSV or TSV with a row of column names. `anki`: text with Anki's headers, or plain CSV or TSV of fronts and backs. `tab`:
 * lines of term, tab, definition, as from Quizlet.
 */
export const importFormatSchema = z.enum(['table', 'anki', 'tab'])

export const importInput = z.object({
  text: z.string(),
  format: importFormatSchema,
  /** What a question and its answer become where the text does not say it. */
  as: z.enum(['flash-card', 'typed']).default('flash-card'),
})

const READERS = { table: readCardTable, anki: readAnkiText, tab: readTabText } as const

/**
 * Makes cards of a text: all that are valid, with an error for each row that is not. Throws `too-large` for a text over
 * LIMITS.deck.importChars; whatever else is wrong with a text is in the errors.
 */
export function importCards({ text, format, as }: z.output<typeof importInput>): Imported {
  checkImportSize(text)
  return READERS[format](text, as)
}
