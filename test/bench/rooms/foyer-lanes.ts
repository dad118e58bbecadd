import type { Operation } from '../../../shared/room/operations.ts'
import type { CommandReply, RoomNews } from '../../../shared/room/schema.ts'
import { coldRoom, each, type Lane, type Setup, sumOf } from './lanes.ts'

/** The room commands that the bench uses, however they reach a server. */
export interface FoyerCaller {
  create(input: { id: string; data: { n: number }; capacity: number }): Promise<Pick<CommandReply, 'room'>>
  join(input: { room: string; id: string; reply: 'result' }): Promise<unknown>
  edit(input: {
    room: string
    id: string
    operations: Operation[]
    reply: 'result'
  }): Promise<Pick<CommandReply, 'version'>>
  get(input: { room: string }): Promise<RoomNews>
}

export const CAPACITY = 1_000
const INCREMENT: Operation[] = [{ op: 'increment', path: '/n', by: 1 }]

/** Every command brings an id of its own, as a client's does: it is done once however often it is sent. */
export const newId = () => Bun.randomUUIDv7()
export const increment = (caller: FoyerCaller | undefined, room: string) =>
  caller?.edit({ room, id: newId(), operations: INCREMENT, reply: 'result' })

export const valueOf = (news: RoomNews | undefined): number => {
  const data = news?.status === 'live' ? news.data : null
  return typeof data === 'object' && data !== null && 'n' in data ? Number(data.n) : Number.NaN
}

export type Connect = (who: { user: string; role: 'user' | 'service' }, i: number) => Promise<FoyerCaller>

/**
 * Writers of Foyer rooms. The hot room's are users of their own, all of them occupants; the cold ones are written to by an
 * integrator's backend, which made them and has as many callers as there are writers.
 */
export async function foyerLane(setup: Setup, connect: Connect): Promise<Lane & { room?: string }> {
  const { lane, writers, rooms } = setup
  const who = () => (lane === 'hot' ? { user: `writer-${newId()}`, role: 'user' as const } : INTEGRATOR)
  const callers = await Promise.all(Array.from({ length: writers }, (_, i) => connect(who(), i)))
  const [first] = callers
  if (first === undefined) throw new Error('nobody writes')
  const create = async () => (await first.create({ id: newId(), data: { n: 0 }, capacity: CAPACITY })).room
  const read = async (room: string) => valueOf(await first.get({ room }))

  if (lane === 'hot') {
    const room = setup.room ?? (await create())
    await each(writers, async (i) => callers[i]?.join({ room, id: newId(), reply: 'result' }))
    return { room, write: async (i) => increment(callers[i], room), sum: () => read(room) }
  }
  const ids: string[] = []
  await each(rooms, async (i) => void (ids[i] = await create()), 512)
  return {
    write: async (caller, i) => increment(callers[caller], ids[coldRoom(caller, i, rooms)] ?? ''),
    sum: () => sumOf(rooms, (i) => read(ids[i] ?? ''), 512),
  }
}

const INTEGRATOR = { user: 'integrator', role: 'service' } as const
