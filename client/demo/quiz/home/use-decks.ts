import { useFoyer } from '../../../react-query.ts'
import { useSite } from '../site.ts'
import { usePages } from '../use-pages.ts'

/** One's own decks. */
export function useOwnDecks() {
  const { client } = useSite()
  const foyer = useFoyer()
  const query = usePages({
    queryKey: foyer.deck.list.pathKey(),
    page: (after, options) => client.deck.list.query({ after }, options),
  })
  return { query, decks: query.data?.pages.flatMap((page) => page.decks) ?? [] }
}

/** Everybody's public decks. */
export function usePublicDecks() {
  const { client } = useSite()
  const foyer = useFoyer()
  const query = usePages({
    queryKey: foyer.deck.browse.pathKey(),
    page: (after, options) => client.deck.browse.query({ after }, options),
  })
  return { query, decks: query.data?.pages.flatMap((page) => page.decks) ?? [] }
}

/** The title of a deck that one of these lists has. */
export function useDeckTitle(): (deck: string) => string | null {
  const { decks: own } = useOwnDecks()
  const { decks: others } = usePublicDecks()
  return (deck) => [...own, ...others].find(({ id }) => id === deck)?.title ?? null
}
