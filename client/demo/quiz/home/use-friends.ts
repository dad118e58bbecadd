import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { FriendAction } from '../../../../shared/friend/pair.ts'
import type { FoyerRule } from '../../../index.ts'
import { useFoyer } from '../../../react-query.ts'
import { ask } from '../calls.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'
import { usePages } from '../use-pages.ts'

const EVERY_MS = 5_000

/** Everybody to whom one stands in some way. */
export function useFriends() {
  const { client } = useSite()
  const foyer = useFoyer()
  const query = usePages({
    queryKey: foyer.friend.list.pathKey(),
    page: (after, options) => client.friend.list.query({ after }, options),
    // Who declines, or is a friend no more, sends no notification.
    everyMs: EVERY_MS,
  })
  return { query, friends: query.data?.pages.flatMap((page) => page.friends) ?? [] }
}

/** Acts towards somebody; what depends on it is asked for again before it counts as done. */
export function useFriendAct(special?: Partial<Record<FoyerRule, string>>) {
  const { client } = useSite()
  const foyer = useFoyer()
  const queryClient = useQueryClient()
  const { act: attempt, ...rest } = useAct(special)
  const act = useCallback(
    (action: FriendAction, user: string, onDone: () => void = () => {}) =>
      attempt(async () => {
        await ask((options) => client.friend[action].mutate({ user }, options))
        onDone()
        await Promise.all([
          queryClient.invalidateQueries(foyer.friend.pathFilter()),
          queryClient.invalidateQueries(foyer.quiz.friends.pathFilter()),
        ])
      }),
    [attempt, client, foyer, queryClient],
  )
  return { act, ...rest }
}
