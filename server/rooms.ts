import type { Limits } from './limits.ts'
import { createCommands } from './rooms/commands.ts'
import { createEvents } from './rooms/events.ts'
import { createFollowing } from './rooms/following.ts'
import { createRoomListing } from './rooms/listing.ts'
import { openRooms } from './rooms/open.ts'
import { createPresence } from './rooms/presence.ts'
import type { Services } from './services.ts'

/** Seed 2, shared-data rooms: the room log (rooms/log.ts) with the rules of shared/room. */
export function createRooms(services: Services, limits: Limits) {
  const rooms = openRooms(services)
  const presence = createPresence({ services, rooms })
  const follow = createFollowing({ services, rooms, attend: presence.attend })
  const gap = () => {
    rooms.reread()
    presence.reread()
  }
  services.readers.add({ events: rooms.arrived, presence: presence.arrived, gap })
  return {
    log: rooms,
    ...createCommands({ services, limits, rooms }),
    ...createRoomListing({ services, rooms }),
    ...createEvents({ follow }),
    present: presence.present,
    presence: presence.listed,
    close: rooms.close,
  }
}
export type Rooms = ReturnType<typeof createRooms>
