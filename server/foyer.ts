import { createAccounts } from './accounts.ts'
import { createFriends } from './friends.ts'
import { createIce } from './ice.ts'
import { createLimits } from './limits.ts'
import { createMailbox } from './mailbox.ts'
import { createNotifications } from './notifications.ts'
import { createRooms } from './rooms.ts'
import type { Services } from './services.ts'
import { createSessions } from './sessions.ts'

/** A process's domains over its services: what procedures reach through `ctx.foyer`. */
export function createFoyer(services: Services) {
  const limits = createLimits(services.env)
  const rooms = createRooms(services, limits)
  const notifications = createNotifications(services)
  return {
    ...services,
    limits,
    accounts: createAccounts(services),
    friends: createFriends(services, { notifications }),
    ice: createIce(services),
    mailbox: createMailbox(services),
    notifications,
    sessions: createSessions(services),
    rooms,
    /** Before the store is closed: keeps the rooms' snapshots. */
    close: () => rooms.close(),
  }
}
export type Foyer = ReturnType<typeof createFoyer>
