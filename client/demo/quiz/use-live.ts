import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { FoyerClient } from '../../index.ts'
import { useFoyer } from '../../react-query.ts'
import { useNotifications } from '../../react.ts'

/** What a notification tells of is asked for again at once: friends, and rooms that one is in or may join. */
export function useLive(client: FoyerClient): void {
  const { notifications } = useNotifications(client)
  const queryClient = useQueryClient()
  const foyer = useFoyer()
  const newest = notifications[0]?.cursor
  useEffect(() => {
    for (const part of [foyer.friend, foyer.quiz]) void queryClient.invalidateQueries(part.pathFilter())
  }, [newest, queryClient, foyer])
}
