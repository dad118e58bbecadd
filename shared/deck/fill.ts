import { LIMITS } from '../limits.ts'
import { jsonBytes } from '../room/measure.ts'
import type { Card } from './cards.ts'
import type { Deck } from './deck.ts'
import type { NewId } from './edit.ts'
import type { Imported, RowError } from './report.ts'

/** Imported cards with ids of their own, in order. */
export const cardsWithIds = ({ cards }: Pick<Imported, 'cards'>, newId: NewId): Card[] =>
  cards.map((card, n) => ({ ...card, id: newId(n) }))

/** How many of the cards, from the first on, a deck still takes: by their number and by its size. */
export function roomFor(deck: Deck, cards: readonly Card[]): number {
  const most = Math.min(cards.length, LIMITS.deck.cards - deck.cards.length)
  let bytes = jsonBytes(deck)
  for (let n = 0; n < most; n++) {
    // With the comma before it.
    bytes += jsonBytes(cards[n] ?? null) + 1
    if (bytes > LIMITS.deck.bytes) return n
  }
  return Math.max(0, most)
}

/** An import's errors where a deck took only so many of the cards. */
export function errorsOf({ rows, errors }: Imported, taken: number): RowError[] {
  const row = rows[taken]
  if (row === undefined) return errors
  const full: RowError = { row, rule: 'deck-full', why: 'the cards from here on were left out' }
  return [...errors, full].sort((a, b) => a.row - b.row)
}
