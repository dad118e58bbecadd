import type { RoomCommand, RoomEvent, RoomState } from '../shared/room/state.ts'
import { roomDecider } from '../shared/room/decider.ts'
import type { Limits } from './limits.ts'
import { createAccess } from './rooms/access.ts'
import { createCommands } from './rooms/commands.ts'
import { createRoomListing } from './rooms/listing.ts'
import { createRoomLog } from './rooms/log.ts'
import { summaryOf, usersOf } from './rooms/summary.ts'
import type { Services } from './services.ts'

/** How long a command may wait for its place in the log, ms: room-log.md 8. */
const DEADLINE_MS = 5_000

/** Seed 2, shared-data rooms: the room log (rooms/log.ts) with the rules of shared/room. */
export function createRooms(services: Services, limits: Limits) {
  const { store, log, metrics, readers } = services
  const rooms = createRoomLog<RoomState, RoomCommand, RoomEvent>({
    parts: {
      log: store.log,
      now: store.clock.now,
      onUnsound: (room) => {
        metrics.unsound.inc()
        log.error({ room }, 'the log of a room does not fold')
      },
      onConflict: (index) => metrics.conflicts.inc({ index }),
      onError: (error) => log.warn({ err: error }, 'room log'),
      deadlineMs: DEADLINE_MS,
    },
    decider: roomDecider,
    usersOf,
    summary: summaryOf,
    onError: (error) => log.warn({ err: error }, 'room log'),
  })
  readers.add({ events: rooms.arrived, presence: () => {}, gap: rooms.reread })
  const access = createAccess(services)
  return {
    log: rooms,
    access,
    ...createCommands({ services, limits, rooms, access }),
    ...createRoomListing({ services, rooms, access }),
    close: rooms.close,
  }
}
export type Rooms = ReturnType<typeof createRooms>
