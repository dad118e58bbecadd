import type { Card } from '../../shared/deck/cards.ts'

/** The cards of a deck, in its order; none of one that is not there. */
export type CardsOf = (deck: string) => Promise<readonly Card[]>

/** How long cards count as those that the deck has now, ms: rooms of the same deck share a read. */
const FRESH_MS = 3_000
const MOST_DECKS = 200

/** Decks as this process has read them lately. */
export function cardCache(cardsOf: CardsOf, mono: () => number) {
  const read = new Map<string, { at: number; cards: readonly Card[] }>()
  const reading = new Map<string, Promise<readonly Card[]>>()

  const load = async (deck: string): Promise<readonly Card[]> => {
    try {
      const at = mono()
      const cards = await cardsOf(deck)
      // The oldest goes: entries stand in the order of their reads.
      read.delete(deck)
      read.set(deck, { at, cards })
      for (const old of read.keys()) if (read.size > MOST_DECKS) read.delete(old)
      return cards
    } finally {
      reading.delete(deck)
    }
  }

  return {
    /** What is known without waiting; undefined: `load` it. */
    known: (deck: string): readonly Card[] | undefined => {
      const entry = read.get(deck)
      return entry !== undefined && mono() - entry.at < FRESH_MS ? entry.cards : undefined
    },
    load: (deck: string): Promise<readonly Card[]> => {
      const shared = reading.get(deck) ?? load(deck)
      reading.set(deck, shared)
      return shared
    },
  }
}
export type CardCache = ReturnType<typeof cardCache>
