import { coldRoom, each, type Lane, type Setup, sumOf } from './lanes.ts'
import type { SharedbTalk } from './sharedb-talk.ts'

/** Writers of ShareDB documents: each a client of its own. */
export async function sharedbLane(
  setup: Setup,
  connect: (client: number) => Promise<SharedbTalk>,
): Promise<Lane & { room?: string }> {
  const { writers, rooms } = setup
  const clients = await Promise.all(Array.from({ length: writers }, (_, i) => connect(i)))
  const client = (i: number): SharedbTalk => {
    const found = clients[i % clients.length]
    if (found === undefined) throw new Error('nobody is connected')
    return found
  }
  if (setup.lane === 'hot') {
    const room = setup.room ?? crypto.randomUUID()
    await (setup.room === undefined ? client(0).create(room) : client(0).read(room))
    return { room, write: (caller) => client(caller).increment(room), sum: () => client(0).read(room) }
  }
  // As many as there are clients, so that no client waits for two documents at once.
  const ids = Array.from({ length: rooms }, () => crypto.randomUUID())
  const id = (i: number) => ids[i] ?? ''
  await each(rooms, (i) => client(i).create(id(i)), writers)
  return {
    write: (caller, i) => client(caller).increment(id(coldRoom(caller, i, rooms))),
    sum: () => sumOf(rooms, (i) => client(i).read(id(i)), writers),
  }
}
