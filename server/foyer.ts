import { createAccounts } from './accounts.ts'
import { createDecks } from './decks.ts'
import { createFriends } from './friends.ts'
import { createIce } from './ice.ts'
import { createLinks } from './links.ts'
import { createLimits } from './limits.ts'
import { createMailbox } from './mailbox.ts'
import { createNotifications } from './notifications.ts'
import { createQuizzes } from './quizzes.ts'
import { createRooms } from './rooms.ts'
import type { Services } from './services.ts'
import { createSessions } from './sessions.ts'

/** A process's domains over its services: what procedures reach through `ctx.foyer`. */
export function createFoyer(services: Services) {
  const limits = createLimits(services.env)
  const rooms = createRooms(services, limits)
  const notifications = createNotifications(services)
  const decks = createDecks(services, limits)
  const friends = createFriends(services, { notifications })
  const quizzes = createQuizzes(services, { limits, friends, notifications, decks })
  const { bring, mayBring } = quizzes
  return {
    ...services,
    limits,
    accounts: createAccounts(services),
    decks,
    friends,
    ice: createIce(services),
    links: createLinks({ services, friends, bring, mayBring }),
    mailbox: createMailbox(services),
    notifications,
    sessions: createSessions(services),
    quizzes,
    rooms,
    /** Before the store is closed: keeps the rooms' snapshots. */
    close: async () => {
      await Promise.all([rooms.close(), quizzes.close()])
    },
  }
}
export type Foyer = ReturnType<typeof createFoyer>
