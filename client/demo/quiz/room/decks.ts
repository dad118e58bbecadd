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
