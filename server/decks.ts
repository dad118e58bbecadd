import { playable } from './decks/cards.ts'
import type { Services } from './services.ts'

/** Seed 4: decks of cards. */
export function createDecks({ store }: Services) {
  return {
    /** What a quiz wants to know of a deck for this user; null: there is no such deck. */
    playable: (user: string, deck: string) => playable(store, { user, deck }),
  }
}
export type Decks = ReturnType<typeof createDecks>
