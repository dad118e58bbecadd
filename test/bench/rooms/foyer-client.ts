import type { RoomFrame } from '../../../shared/room/schema.ts'
import type { Stage, StageOptions } from './audience.ts'
import { CAPACITY, type FoyerCaller, foyerLane, increment, newId, valueOf } from './foyer-lanes.ts'
import { type FoyerSocket, foyerSocket } from './foyer-socket.ts'
import { tokenOf } from './foyer-tokens.ts'
import type { Lane, Setup } from './lanes.ts'

export const callerOver = (socket: FoyerSocket): FoyerCaller => ({
  create: (input) => socket.mutate('room.create', input),
  join: (input) => socket.mutate('room.join', input),
  edit: (input) => socket.mutate('room.edit', input),
  get: (input) => socket.query('room.get', input),
})

/** Writers over tRPC WebSockets, each with its own; with several servers, each server has its share of them. */
export const foyerWriters = (setup: Setup): Promise<Lane> =>
  foyerLane(setup, async ({ user, role }, i) =>
    callerOver(await foyerSocket(setup.ports[i % setup.ports.length] ?? 0, await tokenOf(user, role))),
  )

/** Users of the stage: more would not be let in. With more subscribers than that a user has several tabs. */
const USERS = 500

/**
 * A room with subscribers. One a socket: each with the token of one of the room's users, as browsers are; more: the integrator's
 * backend, which listens for its users.
 */
export async function foyerStage({ port, perSocket }: StageOptions): Promise<Stage> {
  const open = async (user: string, role: 'user' | 'service') => foyerSocket(port, await tokenOf(user, role))
  const owner = callerOver(await open('owner', 'service'))
  const { room } = await owner.create({ id: newId(), data: { n: 0 }, capacity: CAPACITY })
  let subscribers = 0
  let shared: Promise<FoyerSocket> | undefined

  const next = async (): Promise<FoyerSocket> => {
    const i = subscribers++
    if (perSocket > 1) return (shared = i % perSocket === 0 || shared === undefined ? open('owner', 'service') : shared)
    const socket = await open(`viewer-${i % USERS}`, 'user')
    if (i < USERS) await callerOver(socket).join({ room, id: newId(), reply: 'result' })
    return socket
  }
  const subscribe = async (heard: (event: number) => void) => {
    const socket = await next()
    await socket.subscribe('room.events', { room }, (data) => {
      // edge: what room.events sends, each frame tracked by its version.
      const { data: frame } = data as { data: RoomFrame }
      if (frame.kind === 'events') for (let event = frame.from; event <= frame.version; event++) heard(event)
    })
  }
  return {
    write: async () => (await increment(owner, room))?.version ?? Number.NaN,
    subscribe,
    sum: async () => valueOf(await owner.get({ room })),
  }
}
