import type { DeckList } from '../../shared/deck/schema.ts'
import type { Store } from '../store/connect.ts'
import type { DeckPage } from '../store/decks.ts'
import { headOf } from './cards.ts'

export interface PageInput {
  after?: string | undefined
  limit: number
}

/** A page of decks, in the order of their ids. */
export async function deckPage(
  { decks }: Pick<Store, 'decks'>,
  which: DeckPage['which'],
  { after, limit }: PageInput,
): Promise<DeckList> {
  const docs = await decks.page({ which, after: after ?? null, limit })
  return { decks: docs.map(headOf), next: docs.length < limit ? null : (docs.at(-1)?._id ?? null) }
}
