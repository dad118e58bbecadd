import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomCommand, RoomEvent, RoomState } from '../../shared/room/state.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Clock } from '../store/clock.ts'
import type { LogStore } from '../store/log.ts'
import { createRoomLog, type RoomLog } from './log.ts'
import { summaryOf, usersOf } from './summary.ts'

/** How long a command may wait for its place in the log, ms: room-log.md 8. */
const DEADLINE_MS = 5_000

export interface OpenRooms {
  store: { log: LogStore; clock: Clock }
  log: Log
  metrics: Pick<Metrics, 'unsound' | 'conflicts'>
}

/** The log of shared-data rooms (seed 2), as server and worker use it: rooms/log.ts with the rules of shared/room. */
export function openRooms({ store, log, metrics }: OpenRooms): DataRooms {
  const onError = (error: unknown) => log.warn({ err: error }, 'room log')
  return createRoomLog<RoomState, RoomCommand, RoomEvent>({
    parts: {
      log: store.log,
      now: store.clock.now,
      onUnsound: (room) => {
        metrics.unsound.inc()
        log.error({ room }, 'the log of a room does not fold')
      },
      onConflict: (index) => metrics.conflicts.inc({ index }),
      onError,
      deadlineMs: DEADLINE_MS,
    },
    decider: roomDecider,
    usersOf,
    summary: summaryOf,
    onError,
  })
}
export type DataRooms = RoomLog<RoomState, RoomCommand, RoomEvent>
