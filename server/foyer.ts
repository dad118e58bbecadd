import { createAccounts } from './accounts.ts'
import { createIce } from './ice.ts'
import { createLimits } from './limits.ts'
import { createMailbox } from './mailbox.ts'
import type { Services } from './services.ts'
import { createSessions } from './sessions.ts'

/** A process's domains over its services: what procedures reach through `ctx.foyer`. */
export const createFoyer = (services: Services) => ({
  ...services,
  limits: createLimits(services.env),
  accounts: createAccounts(services),
  ice: createIce(services),
  mailbox: createMailbox(services),
  sessions: createSessions(services),
})
export type Foyer = ReturnType<typeof createFoyer>
