import { useEffect, useState } from 'react'
import type { DeckHead } from '../../../../shared/deck/schema.ts'
import { type FoyerClient, toFoyerError } from '../../../index.ts'
import { quizWords } from './words.ts'

/** The user's own decks; `null`: not known yet. */
export interface Decks {
  decks: readonly DeckHead[] | null
  trouble: string | null
}

/** One's own decks, the first page of them: the deck's page is where one looks for more. */
export function useDecks(client: FoyerClient): Decks {
  const [state, setState] = useState<Decks>({ decks: null, trouble: null })
  useEffect(() => {
    const life = new AbortController()
    client.deck.list.query({}, { signal: life.signal }).then(
      ({ decks }) => setState({ decks, trouble: null }),
      (thrown: unknown) => {
        if (!life.signal.aborted) setState({ decks: [], trouble: quizWords(toFoyerError(thrown)) })
      },
    )
    return () => life.abort()
  }, [client])
  return state
}

export const titleOf = (decks: Decks, deck: string): string | null =>
  decks.decks?.find(({ id }) => id === deck)?.title ?? null

/** A deck's title, of an own one or of one that its owner shares; null: not known, or not for everybody. */
export function useTitle(client: FoyerClient, decks: Decks, deck: string | null): string | null {
  const own = deck === null ? null : titleOf(decks, deck)
  const wanted = own === null && decks.decks !== null ? deck : null
  const [found, setFound] = useState<{ id: string; title: string } | null>(null)
  useEffect(() => {
    if (wanted === null) return
    const life = new AbortController()
    // A private deck has no title for others.
    client.deck.get.query({ deck: wanted }, { signal: life.signal }).then(setFound, () => {})
    return () => life.abort()
  }, [client, wanted])
  return own ?? (found?.id === deck ? found.title : null)
}
