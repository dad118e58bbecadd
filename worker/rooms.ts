import type { Env } from '../server/env.ts'
import type { Log } from '../server/log.ts'
import { openRooms } from '../server/rooms/open.ts'
import type { Store } from '../server/store/connect.ts'
import { logSweep } from '../server/store/log-sweep.ts'
import type { WorkerMetrics } from './metrics.ts'
import { createFolder } from './rooms/fold.ts'
import { idleRooms } from './rooms/idle.ts'
import { oldEvents } from './rooms/retention.ts'
import { lostSnapshots } from './rooms/snapshots.ts'
import { tombstones } from './rooms/tombstones.ts'

/** The most that one sweep looks at, so that it ends soon whatever has piled up: the next ones go on where it ended. */
export interface SweepBounds {
  /** Rooms in each step. */
  rooms: number
  /** Documents in one delete, and in one sweep. */
  page: number
  documents: number
}
const BOUNDS: SweepBounds = { rooms: 2_000, page: 5_000, documents: 50_000 }

export interface RoomSweepOptions {
  store: Store
  env: Pick<Env, 'ROOM_IDLE_MS' | 'ROOM_RETENTION_MS'>
  log: Log
  metrics: WorkerMetrics
  bounds?: Partial<SweepBounds>
}

/** What a sweep of rooms did, each a number. */
export interface RoomsSwept {
  /** Snapshots that were kept because no other process had. */
  repaired: number
  /** Rooms that were closed. */
  closed: number
  /** Documents of logs that were removed. */
  deleted: number
  /** Tombstones that were left to TTL. */
  buried: number
}

const KINDS = ['repaired', 'closed', 'deleted', 'buried'] as const

/**
 * The worker's part of rooms (seed 2; room-log.md 11, 12). Every step is conditional and decided by the log, so any number of
 * workers may sweep at once; each step follows from what the one before it left.
 */
export function createRoomSweep({ store, env, log, metrics, bounds }: RoomSweepOptions) {
  const rooms = openRooms({ store, log, metrics })
  const logs = logSweep(store.log)
  const { now } = store.clock
  const folder = createFolder(rooms)
  const parts = { logs, folder, now, env, bounds: { ...BOUNDS, ...bounds } }
  const repair = lostSnapshots(parts)
  const close = idleRooms(parts, rooms)
  const retain = oldEvents(parts)
  const bury = tombstones(parts)
  const counters = {
    repaired: metrics.snapshotsRepaired,
    closed: metrics.roomsClosed,
    deleted: metrics.eventsDeleted,
    buried: metrics.tombstonesBuried,
  }

  const sweep = async (): Promise<RoomsSwept> => {
    const swept: RoomsSwept = { repaired: 0, closed: 0, deleted: 0, buried: 0 }
    const add = (did: Partial<RoomsSwept>) => {
      for (const what of KINDS) {
        swept[what] += did[what] ?? 0
        counters[what].inc(did[what] ?? 0)
      }
    }
    try {
      add({ repaired: await repair() })
      add({ closed: await close() })
      add(await retain())
      add({ buried: await bury() })
    } finally {
      if (KINDS.some((what) => swept[what] > 0)) log.info(swept, 'rooms swept')
    }
    return swept
  }

  return { sweep, close: rooms.close }
}
export type RoomSweep = ReturnType<typeof createRoomSweep>
