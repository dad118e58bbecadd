import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryOptions } from '@tanstack/react-query'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { useMemo } from 'react'
import type { AppRouter } from '../../server/app.ts'
import type { RoomListing } from '../../shared/room/schema.ts'
import { type FoyerError, toFoyerError } from '../errors.ts'

/**
 * tRPC's integration with TanStack Query for the whole service. `FoyerProvider` takes a `trpcClient` that `connect` made and the
 * `queryClient`; below it, `useFoyer().session.list.queryOptions({})` and the like are for `useQuery`, `useMutation` and
 * `useSubscription`, and `useFoyerClient()` is the client itself.
 */
export const {
  TRPCProvider: FoyerProvider,
  useTRPC: useFoyer,
  useTRPCClient: useFoyerClient,
} = createTRPCContext<AppRouter>()

/** A room as the list has it: all but its data. */
export type ListedRoom = RoomListing['rooms'][number]

type Pages = InfiniteData<RoomListing, string | null>
type QueryOptions = UseInfiniteQueryOptions<RoomListing, FoyerError, Pages, readonly unknown[], string | null>

/** TanStack Query's own, `refetchInterval` and `enabled` for instance; what the hook sets itself is left out. */
export type UseRoomsOptions = Omit<
  QueryOptions,
  'queryKey' | 'queryFn' | 'initialPageParam' | 'getNextPageParam' | 'select'
> & {
  /** For whom a service lists. A user's token needs none. */
  user?: string | undefined
  /** Rooms of a page; at most, and by default, 50. */
  pageSize?: number | undefined
}

/**
 * The rooms that the user owns or is in, by id, page by page: `rooms` are those of all pages that were asked for, `query` is what
 * `useInfiniteQuery` gives (`fetchNextPage`, `hasNextPage`, `status`, `error`). The list is asked for again when TanStack Query says
 * so, and after `queryClient.invalidateQueries(foyer.room.list.pathFilter())`, with `foyer` of `useFoyer()`. Below a
 * `FoyerProvider`. Errors: `unauthorized`, `forbidden` (`user`), `offline`.
 */
export function useRooms({ user, pageSize, ...options }: UseRoomsOptions = {}) {
  const foyer = useFoyer()
  const client = useFoyerClient()
  const input = { as: user, limit: pageSize }
  const query = useInfiniteQuery<RoomListing, FoyerError, Pages, readonly unknown[], string | null>({
    // The server says itself when it is to be asked again; a refusal stays one.
    retry: (failures, error) => error.retryable && failures < RETRIES,
    ...options,
    // tRPC's own infinite options are for procedures whose cursor is called `cursor`; its key makes its filters hit this query.
    queryKey: [...foyer.room.list.pathKey(), { input, type: 'infinite' }],
    queryFn: ({ pageParam, signal }) =>
      client.room.list.query({ ...input, after: pageParam ?? undefined }, { signal }).catch(rethrow),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
  })
  const { data } = query
  const rooms = useMemo(() => data?.pages.flatMap((page) => page.rooms) ?? NONE, [data])
  return { rooms, query }
}

const RETRIES = 3
const NONE: readonly ListedRoom[] = []

const rethrow = (thrown: unknown): never => {
  throw toFoyerError(thrown)
}
