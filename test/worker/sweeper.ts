import type { Db } from 'mongodb'
import type { EventDoc, RoomDoc } from '../../server/store/docs.ts'
import { createLog } from '../../server/log.ts'
import { type DataRooms, openRooms } from '../../server/rooms/open.ts'
import { connectStore, type Store } from '../../server/store/connect.ts'
import { logSweep } from '../../server/store/log-sweep.ts'
import type { RoomCommand } from '../../shared/room/state.ts'
import { createWorkerMetrics } from '../../worker/metrics.ts'
import { createRoomSweep, type SweepBounds } from '../../worker/rooms.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const ENV = { ROOM_RETENTION_MS: DAY, ROOM_IDLE_MS: 180 * DAY }

/** A sweep sees all rooms of its database: each test begins without any. */
export const emptyRooms = async (db: Db) => {
  for (const name of ['events', 'rooms']) await db.collection(name).deleteMany({})
}

export interface Process {
  /** Its clock runs so many ms behind: what it writes is that old. */
  agoMs?: number
  /** It is killed before it keeps any snapshot. */
  killed?: true
}

/** A worker's sweep of rooms and the rooms of other processes, over the database at `url`. */
export async function openSweeper(url: string, { bounds }: { bounds?: Partial<SweepBounds> } = {}) {
  const store = await connectStore({ url, appName: 'foyer-test', onError: () => {} })
  const lines: string[] = []
  const log = createLog('test', 'info', { write: (line) => void lines.push(line) })
  const metrics = createWorkerMetrics()
  const opened: DataRooms[] = []

  /** The sweep of one more worker. `over`: what it sees in place of the store. */
  const worker = (over: Store = store) => createRoomSweep({ store: over, env: ENV, log, metrics, bounds: bounds ?? {} })

  const process = ({ agoMs = 0, killed }: Process = {}): DataRooms => {
    const clock = { now: () => new Date(store.clock.now().getTime() - agoMs) }
    const kept = killed === true ? { ...store.log, keep: () => Promise.resolve() } : store.log
    const rooms = openRooms({ store: { log: kept, clock }, log, metrics })
    opened.push(rooms)
    return rooms
  }

  /** A room of Alice's, with one event for each time that is given, so long ago; each is a document of its own. */
  const room = async (times: readonly number[], { killed }: Pick<Process, 'killed'> = {}): Promise<string> => {
    const id = crypto.randomUUID()
    for (const agoMs of times) {
      const rooms = process({ agoMs, ...(killed === undefined ? {} : { killed }) })
      await send(rooms, id, agoMs === times[0] ? creationOf(id) : increment)
      await rooms.close()
    }
    return id
  }

  const worked = worker()
  return {
    store,
    lines,
    metrics,
    worker,
    process,
    room,
    sweep: worked.sweep,
    logs: logSweep(store.log),
    docs: (id: string): Promise<EventDoc[]> => store.log.tail({ room: id, from: 1 }),
    snapshot: (id: string): Promise<RoomDoc | null> => store.log.snapshot(id),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([worked, ...opened].map((each) => each.close()))
      await store.close()
    },
  }
}
export type Sweeper = Awaited<ReturnType<typeof openSweeper>>

export const increment: RoomCommand = { type: 'edit', operations: [{ op: 'increment', path: '/n', by: 1 }] }
export const creationOf = (room: string): RoomCommand => ({
  type: 'create',
  room,
  capacity: 10,
  metadata: { title: 'board' },
  data: { n: 0 },
})

/** Sends a command of Alice's. */
export const send = (rooms: DataRooms, room: string, command: RoomCommand, id: string = Bun.randomUUIDv7()) =>
  rooms.send({ room, id, actor: { user: 'alice', service: false }, command, hash: JSON.stringify(command) })
