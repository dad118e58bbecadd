import { LIMITS } from '../limits.ts'
import { type Rule, RuleError } from '../rules.ts'
import { type CardBody, cardBodySchema } from './cards.ts'

/** Why a row made no card. */
export interface RowError {
  /** From 1, as a spreadsheet counts: headers, comments and empty rows are counted too. */
  row: number
  rule: Rule
  /** For people: which part of the card is wrong, and how. */
  why: string
}

/** What an import made: all the cards that are valid, in the order of their rows, and an error for each row that made none. */
export interface Imported {
  cards: CardBody[]
  /** Of which row each card is. */
  rows: number[]
  errors: RowError[]
}

/** What a row says of a card, not yet checked. */
export interface Candidate {
  row: number
  card: unknown
}

/** Throws `too-large` for a text that no import looks at. */
export function checkImportSize(text: string): void {
  if (text.length > LIMITS.deck.importChars)
    throw new RuleError('too-large', { what: 'importChars', limit: LIMITS.deck.importChars })
}

interface Issue {
  path: readonly PropertyKey[]
  message: string
}

/** A list of a row may have thousands of faults. */
const ISSUES = 5

/** A schema's issues, the first of them, in one line. */
export const inWords = ({ issues }: { issues: readonly Issue[] }): string =>
  issues
    .slice(0, ISSUES)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')

/** Checks candidates; those past the number that a deck holds are left out, with one error for the first of them. */
export function takeCards(candidates: Iterable<Candidate>, errors: readonly RowError[]): Imported {
  const imported: Imported = { cards: [], rows: [], errors: [...errors] }
  const { importRows } = LIMITS.deck
  let seen = 0
  for (const { row, card } of candidates) {
    // A note may be hundreds of cards, each as wrong as the others.
    if (++seen > importRows) {
      imported.errors.push({ row, rule: 'too-many-rows', why: `the limit is ${importRows} cards, wrong ones included` })
      break
    }
    if (imported.cards.length === LIMITS.deck.cards) {
      imported.errors.push({ row, rule: 'deck-full', why: `a deck holds ${LIMITS.deck.cards} cards` })
      break
    }
    const parsed = cardBodySchema.safeParse(card)
    if (parsed.success) {
      imported.cards.push(parsed.data)
      imported.rows.push(row)
    } else imported.errors.push({ row, rule: 'card-invalid', why: inWords(parsed.error) })
  }
  imported.errors.sort((a, b) => a.row - b.row)
  return imported
}
