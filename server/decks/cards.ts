import type { Card } from '../../shared/deck/cards.ts'
import type { Deck, DeckContent } from '../../shared/deck/deck.ts'
import type { DeckHead } from '../../shared/deck/schema.ts'
import type { DeckFacts } from '../../shared/quiz/commands.ts'
import type { Store } from '../store/connect.ts'
import type { DeckHeadDoc } from '../store/decks.ts'
import type { DeckDoc } from '../store/docs-quiz.ts'
import { mayRead } from './access.ts'

type Decks = Pick<Store, 'decks'>

/** A deck's text as it is stored. */
export const bodyOf = ({ title, description, cards }: Deck) => JSON.stringify({ title, description, cards })

/** The deck of a document. */
export function deckOf({ body, visibility }: DeckDoc): Deck {
  // edge: only this service writes the text, from a deck that was checked.
  const content = JSON.parse(body) as DeckContent
  return { ...content, visibility }
}

export const headOf = ({ _id: id, owner, title, visibility, cards, v: version, at }: DeckHeadDoc): DeckHead => {
  return { id, owner, title, visibility, cards, version, changedAt: at.getTime() }
}

/** The cards of a deck in its order; none of one that is not there. */
export async function cardsOf(store: Decks, deck: string): Promise<readonly Card[]> {
  const doc = await store.decks.byId(deck)
  return doc === null || doc.gone === true ? [] : deckOf(doc).cards
}

/** What a quiz wants to know of a deck: whether this user may play it, now. null: there is no such deck. */
export async function playable(
  store: Decks,
  { user, deck }: { user: string; deck: string },
): Promise<DeckFacts['deck']> {
  const head = await store.decks.head(deck)
  if (head === null) return null
  const { _id: id, owner, cards } = head
  return { id, owner, playable: cards > 0 && mayRead(head, { user, service: false }) }
}
