import type { z } from 'zod'
import { friendInput, friendListInput } from '../shared/friend/schema.ts'
import type { FriendAction } from '../shared/friend/pair.ts'
import type { Account } from './accounts.ts'
import type { Foyer } from './foyer.ts'
import { accountProcedure, router } from './trpc.ts'

type Call = { ctx: { foyer: Foyer; account: Account }; input: z.output<typeof friendInput> }

const acting =
  (action: FriendAction) =>
  ({ ctx, input }: Call) =>
    ctx.foyer.friends.act(ctx.account, action, input)

/**
 * Friends (seed 4). Each call is idempotent and answers with how one stands to the other now. `as`: a service, for that user.
 * Errors of all: unauthorized, forbidden (oneself; `as`).
 */
export const friendRouter = router({
  /** Asks to be friends; who was asked by the other accepts by it. Errors: friend-blocked (by oneself), friend-refused. */
  request: accountProcedure.input(friendInput).mutation(acting('request')),
  /** Error: no-request. */
  accept: accountProcedure.input(friendInput).mutation(acting('accept')),
  /** Error: no-request (they are friends). The other is not told. */
  decline: accountProcedure.input(friendInput).mutation(acting('decline')),
  /** Ends a friendship, or takes one's own request back. */
  remove: accountProcedure.input(friendInput).mutation(acting('remove')),
  /** Ends whatever is between the two; while it stands neither can ask. The other is not told. */
  block: accountProcedure.input(friendInput).mutation(acting('block')),
  unblock: accountProcedure.input(friendInput).mutation(acting('unblock')),
  /** Friends, requests and blocked users, page by page. */
  list: accountProcedure.input(friendListInput).query(({ ctx, input }) => ctx.foyer.friends.list(ctx.account, input)),
})
