import { z } from 'zod'
import { jsonDepth } from '../json.ts'
import { RuleError } from '../rules.ts'
import { type Card, cardSchema } from './cards.ts'
import { type Deck, type DeckContent, deckContentSchema } from './deck.ts'
import { checkImportSize, inWords, type RowError } from './report.ts'
import { LIMITS } from '../limits.ts'

/** Names what the text is, and in which version. */
const FORMAT = 'foyer-deck@1'
/** The file is an object of lists of cards of lists. */
const DEPTH = 4

const fileSchema = z.object({
  format: z.literal(FORMAT),
  ...deckContentSchema.shape,
  cards: z.array(z.unknown()).default([]),
})

/** A deck as JSON text, for `readDeck`: title, description and cards with their ids. Who may see it is left out. */
export function writeDeck({ title, description, cards }: DeckContent | Deck): string {
  return `${JSON.stringify({ format: FORMAT, title, description, cards })}\n`
}

/**
 * Reads the text of a deck. Cards that are not valid, or have the id of one before, are left out with an error each; their rows count
 * the cards from 1. Throws `too-large`, and `deck-unreadable` for a text that is no deck at all.
 */
export function readDeck(text: string): { deck: DeckContent; rows: number[]; errors: RowError[] } {
  checkImportSize(text)
  const file = fileSchema.safeParse(parsed(text))
  if (!file.success) throw new RuleError('deck-unreadable', { issues: { deck: [inWords(file.error)] } })
  const { title, description } = file.data
  const errors: RowError[] = []
  const cards = new Map<string, Card>()
  const rows: number[] = []
  for (const [i, given] of file.data.cards.entries()) {
    const row = i + 1
    if (row > LIMITS.deck.importRows) {
      errors.push({
        row,
        rule: 'too-many-rows',
        why: `the limit is ${LIMITS.deck.importRows} cards, wrong ones included`,
      })
      break
    }
    if (cards.size === LIMITS.deck.cards) {
      errors.push({ row, rule: 'deck-full', why: `a deck holds ${LIMITS.deck.cards} cards` })
      break
    }
    const card = cardSchema.safeParse(given)
    if (!card.success) errors.push({ row, rule: 'card-invalid', why: inWords(card.error) })
    else if (cards.has(card.data.id)) errors.push({ row, rule: 'card-invalid', why: `the id ${card.data.id} is taken` })
    else {
      cards.set(card.data.id, card.data)
      rows.push(row)
    }
  }
  return { deck: { title, description, cards: [...cards.values()] }, rows, errors }
}

function parsed(text: string): unknown {
  // A text that nests without end must not reach a parser that recurses.
  if (jsonDepth(text) > DEPTH) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
