import { inboxEventsInput, inboxInput, readInput } from '../shared/notification/schema.ts'
import { accountProcedure, router } from './trpc.ts'

/** A user's notifications (seed 4). `as`: a service, for that user. Errors of all: unauthorized, forbidden (`as`). */
export const notificationRouter = router({
  /** The inbox, newest first, page by page, with the number of unread ones. */
  list: accountProcedure.input(inboxInput).query(({ ctx, input }) => ctx.foyer.notifications.list(ctx.account, input)),
  /** Marks some, or all up to a cursor, as read. */
  read: accountProcedure
    .input(readInput)
    .mutation(({ ctx, input }) => ctx.foyer.notifications.read(ctx.account, input)),
  /** What comes, `tracked` by its cursor and resumed by lastEventId. Errors: shutting-down (retryable), bad-request (a foreign lastEventId). */
  events: accountProcedure
    .input(inboxEventsInput)
    .subscription(({ ctx, input, signal }) => ctx.foyer.notifications.events({ account: ctx.account, signal }, input)),
})
