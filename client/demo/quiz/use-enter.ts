import { useCallback } from 'react'
import { command } from './calls.ts'
import { useSite } from './site.ts'
import { useAct } from './use-act.ts'

/** Takes a seat in a room, or keeps the one that one has, and goes there. */
export function useEnter() {
  const { client, go } = useSite()
  const { act, ...rest } = useAct()
  const enter = useCallback(
    (room: string) =>
      act(async () => {
        await command((envelope, options) => client.quiz.join.mutate({ ...envelope, room, reply: 'result' }, options))
        go({ room })
      }),
    [act, client, go],
  )
  return { enter, ...rest }
}
