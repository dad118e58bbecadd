import { useCallback } from 'react'
import { FoyerError } from '../../../index.ts'
import { ask, command } from '../calls.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'

const SPECIAL = { 'room-gone': 'The owner of this deck has not opened its room.' } as const
/** Who plays alone waits for nobody. */
const ALONE_LOBBY_MS = 3_000

/** The room of an own deck: opened, if it is not. */
export function useHost() {
  const { client, go } = useSite()
  const { act, ...rest } = useAct()
  const host = useCallback(
    (deck: string) =>
      act(async () => {
        const payload = { deck }
        const { room } = await command((envelope, options) =>
          client.quiz.host.mutate({ ...envelope, payload, reply: 'result' }, options),
        )
        go({ room })
      }),
    [act, client, go],
  )
  return { host, ...rest }
}

/** The ways to play a deck from its page: alone, or in its room. */
export function usePlay(deck: string) {
  const { client, go } = useSite()
  const { act, ...rest } = useAct(SPECIAL)
  const alone = () =>
    act(async () => {
      const payload = { deck, lobbyMs: ALONE_LOBBY_MS }
      const { room } = await command((envelope, options) =>
        client.quiz.solo.mutate({ ...envelope, payload, reply: 'result' }, options),
      )
      go({ room })
    })
  const visit = () =>
    act(async () => {
      const { room } = await ask((options) => client.quiz.hosted.query({ deck }, options))
      if (room === null) throw new FoyerError('room-gone')
      await command((envelope, options) => client.quiz.join.mutate({ ...envelope, room, reply: 'result' }, options))
      go({ room })
    })
  return { alone, visit, ...rest }
}
