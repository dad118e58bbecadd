import { z } from 'zod'
import { joinInput, keepInput, keepOutput, putInput, putOutput, removeInput } from '../shared/mailbox/schema.ts'
import type { Context } from './context.ts'
import { procedure, router } from './trpc.ts'

const callOf = ({ idempotencyKey, bearer }: Context, signal: AbortSignal | undefined) => ({
  idempotencyKey,
  key: bearer,
  signal,
})

/**
 * Seed 1 as tRPC procedures; the same implementation as the REST routes in mailbox.rest.ts. The room key travels as
 * `Authorization: Bearer <key>`. put, keep and join take an `Idempotency-Key` header: a repeat gets the first reply.
 */
export const mailboxRouter = router({
  /** Stores my offer if the room is free, else gives the live one. Errors: idempotency-mismatch. */
  put: procedure
    .input(putInput)
    .output(putOutput)
    .mutation(({ ctx, input, signal }) => ctx.foyer.mailbox.put({ ...callOf(ctx, signal), ...input })),
  /** Keeps my offer alive; the answer, or null when none came within `wait` ms. Errors: wrong-key. */
  keep: procedure
    .input(keepInput)
    .output(keepOutput)
    .mutation(async ({ ctx, input, signal }) => ({
      answer: await ctx.foyer.mailbox.keep({ ...callOf(ctx, signal), ...input }),
    })),
  /** Answers the offer: the first guest is in. Errors: room-full, offer-gone, idempotency-mismatch. */
  join: procedure
    .input(joinInput)
    .output(z.object({ joined: z.literal(true) }))
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.mailbox.join({ ...callOf(ctx, signal), ...input })
      return { joined: true as const }
    }),
  /** Gives the room up. Errors: wrong-key. */
  remove: procedure
    .input(removeInput)
    .output(z.object({ removed: z.literal(true) }))
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.mailbox.remove({ ...callOf(ctx, signal), ...input })
      return { removed: true as const }
    }),
})
