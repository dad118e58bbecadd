import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomCommand, RoomEvent, RoomState } from '../../shared/room/state.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Clock } from '../store/clock.ts'
import type { LogStore } from '../store/log.ts'
import { createRoomLog, type RoomLog } from './log.ts'
import { roomParts } from './parts.ts'
import { summaryOf, usersOf } from './summary.ts'

export interface OpenRooms {
  store: { log: LogStore; clock: Clock }
  log: Log
  metrics: Pick<Metrics, 'unsound' | 'conflicts'>
}

/** The log of shared-data rooms (seed 2), as server and worker use it: rooms/log.ts with the rules of shared/room. */
export function openRooms({ store, log, metrics }: OpenRooms): DataRooms {
  const parts = roomParts({ name: 'room', logs: store.log, clock: store.clock, log, metrics })
  return createRoomLog<RoomState, RoomCommand, RoomEvent>({
    parts,
    decider: roomDecider,
    usersOf,
    summary: summaryOf,
    onError: parts.onError,
  })
}
export type DataRooms = RoomLog<RoomState, RoomCommand, RoomEvent>
