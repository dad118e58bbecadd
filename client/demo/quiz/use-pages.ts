import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { toFoyerError } from '../../index.ts'

interface Page {
  next: string | null
}

export interface PagesOptions<P extends Page> {
  /** A procedure's `pathKey()`, so that its filters find this list; and what of it is listed. */
  queryKey: readonly unknown[]
  page: (after: string | undefined, options: { signal: AbortSignal }) => Promise<P>
  /** How often it is asked for again, ms: for what nobody is told of. */
  everyMs?: number
}

/** A list that the service gives page by page. */
export const usePages = <P extends Page>({ queryKey, page, everyMs = 10_000 }: PagesOptions<P>) =>
  useInfiniteQuery<P, Error, InfiniteData<P, string | null>, readonly unknown[], string | null>({
    queryKey: [...queryKey, 'pages'],
    queryFn: async ({ pageParam, signal }) => {
      try {
        return await page(pageParam ?? undefined, { signal })
      } catch (thrown) {
        throw toFoyerError(thrown)
      }
    },
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: everyMs,
  })
