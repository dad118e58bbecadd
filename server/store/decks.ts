import type { Collection } from 'mongodb'
import { LIMITS } from '../../shared/limits.ts'
import type { DeckDoc } from './docs-quiz.ts'
import { filterOf } from './filters.ts'
import { tableOf } from './table.ts'

/** A deck without its text, which may be a megabyte. */
export type DeckHeadDoc = Omit<DeckDoc, 'body' | 'done'>

export interface DeckPage {
  /** Which decks: an owner's, or all that are public. */
  which: { owner: string } | { visibility: 'public' }
  after: string | null
  limit: number
}

/** A deck's text, and what stands beside it. */
const DOC_BYTES = LIMITS.deck.bytes + 64 * 1_024
const HEAD = { body: 0, done: 0 } as const
const there = { gone: { $exists: false } }

/** Decks: one document each, changed by its version. */
export function deckStore(decks: Collection<DeckDoc>) {
  /** null: there is no such deck, or not any more. */
  const head = (id: string) =>
    decks.findOne<DeckHeadDoc>(filterOf<DeckDoc>({ _id: id, ...there }), { projection: HEAD })

  const page = ({ which, after, limit }: DeckPage) =>
    decks
      .find<DeckHeadDoc>(
        filterOf<DeckDoc>({ ...which, ...there, ...(after === null ? {} : { _id: { $gt: after } }) }),
        {
          projection: HEAD,
          sort: { _id: 1 },
          limit,
        },
      )
      .toArray()

  return { ...tableOf(decks, { docBytes: DOC_BYTES }), head, page }
}
