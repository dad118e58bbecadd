import type { Env } from '../server/env.ts'
import type { Log } from '../server/log.ts'
import { openRooms } from '../server/rooms/open.ts'
import type { Store } from '../server/store/connect.ts'
import { logSweep } from '../server/store/log-sweep.ts'
import type { RoomState } from '../shared/room/state.ts'
import type { WorkerMetrics } from './metrics.ts'
import type { Family, SweptState } from './rooms/family.ts'
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
export const BOUNDS: SweepBounds = { rooms: 2_000, page: 5_000, documents: 50_000 }

export interface SweepOptions {
  store: Store
  log: Log
  metrics: WorkerMetrics
  bounds?: Partial<SweepBounds>
}
export interface RoomSweepOptions extends SweepOptions {
  env: Pick<Env, 'ROOM_IDLE_MS' | 'ROOM_RETENTION_MS'>
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
 * What every family of rooms needs of the worker (seeds 2 and 4; room-log.md 11, 12). Every step is conditional and decided by the log,
 * so any number of workers may sweep at once; each step follows from what the one before it left.
 */
export function createSweep<S extends SweptState>(
  family: Family<S>,
  { store, log, metrics, bounds, retentionMs }: SweepOptions & { retentionMs: number },
) {
  const { logs, name } = family
  const folder = createFolder(family)
  const parts = { logs, folder, now: store.clock.now, retentionMs, bounds: { ...BOUNDS, ...bounds } }
  const repair = lostSnapshots(parts)
  const close = idleRooms(parts, family)
  const retain = oldEvents(parts)
  const bury = tombstones(parts)
  const counters = {
    repaired: metrics.snapshotsRepaired,
    closed: metrics.roomsClosed,
    deleted: metrics.eventsDeleted,
    buried: metrics.tombstonesBuried,
  }

  return async (): Promise<RoomsSwept> => {
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
      if (KINDS.some((what) => swept[what] > 0)) log.info({ family: name, ...swept }, 'rooms swept')
    }
    return swept
  }
}

/** The sweep of data rooms. */
export function createRoomSweep({ env, ...options }: RoomSweepOptions) {
  const { store, log, metrics } = options
  const rooms = openRooms({ store, log, metrics })
  const kinds = ['data']
  const idle = { kinds, ms: env.ROOM_IDLE_MS, isOver: ({ deleted }: RoomState) => deleted !== null }
  const family: Family<RoomState> = { name: 'data', logs: logSweep(store.log), rooms, kinds, idle }
  return { sweep: createSweep(family, { ...options, retentionMs: env.ROOM_RETENTION_MS }), close: rooms.close }
}
export type RoomSweep = ReturnType<typeof createRoomSweep>
