import { acceptLinkInput, linkInput } from '../shared/quiz/wire.ts'
import { accountProcedure, router } from './trpc.ts'

/** One-time invitation links (seed 4, external friends). `as`: a service, for that user. Errors of all: unauthorized, forbidden (`as`). */
export const linkRouter = router({
  /** A new link. `room`: one that its maker is in. Errors: room-gone, not-occupant. */
  create: accountProcedure.input(linkInput).mutation(({ ctx, input }) => ctx.foyer.links.create(ctx.account, input)),
  /** Uses a link up: its maker and this user are friends, and may meet in `room`. Errors: link-gone, forbidden (one's own), friend-blocked, friend-refused. */
  accept: accountProcedure
    .input(acceptLinkInput)
    .mutation(({ ctx, input }) => ctx.foyer.links.accept(ctx.account, input)),
})
