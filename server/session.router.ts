import { z } from 'zod'
import {
  answerInput,
  candidatesInput,
  candidatesOutput,
  connectedInput,
  declineInput,
  dropInput,
  eventsInput,
  hostInput,
  hostOutput,
  joinInput,
  joinOutput,
  listInput,
  listOutput,
  pollInput,
  requestsOutput,
  restartInput,
  sendCandidatesInput,
} from '../shared/session/schema.ts'
import type { Context } from './context.ts'
import type { Call } from './session/parts.ts'
import { procedure, router } from './trpc.ts'

const callOf = ({ bearer, idempotencyKey }: Context, signal: AbortSignal | undefined): Call => ({
  bearer,
  idempotencyKey,
  signal,
})
const done = z.object({ done: z.literal(true) })
const DONE = { done: true as const }

/**
 * Seed 3, hosted sessions. The host's and the client's secrets travel as `Authorization: Bearer <secret>`. All that is written
 * may be repeated with the same `Idempotency-Key` header and gets the first reply. Beside the errors named below, each
 * procedure that takes a secret gives wrong-secret, superseded (a newer tab), session-gone and, to a client or about one,
 * seat-gone; `client` missing from a host's call is bad-request.
 */
export const sessionRouter = router({
  /**
   * Opens a session, or takes mine over in a new tab (bearer: host; one of a session that is gone, or of another kind, counts
   * as none). Errors: name-taken, wrong-secret, idempotency-mismatch.
   */
  host: procedure
    .input(hostInput)
    .output(hostOutput)
    .mutation(({ ctx, input, signal }) => ctx.foyer.sessions.host(callOf(ctx, signal), input)),
  /** Public sessions whose hosts are there, newest first. No secret. Errors: bad-request (a foreign cursor). */
  list: procedure
    .input(listInput)
    .output(listOutput)
    .query(({ ctx, input }) => ctx.foyer.sessions.list(input)),
  /**
   * Takes a seat with an offer, or my own again in a new tab (bearer: client). Errors: session-gone, wrong-password,
   * client-name-taken, session-full, too-many-signals, wrong-secret, idempotency-mismatch.
   */
  join: procedure
    .input(joinInput)
    .output(joinOutput)
    .mutation(({ ctx, input, signal }) => ctx.foyer.sessions.join(callOf(ctx, signal), input)),
  /** The host's join queue after the cursor; `wait`: held until there is something. Errors: bad-request (a foreign cursor). */
  requests: procedure
    .input(pollInput)
    .output(requestsOutput)
    .query(({ ctx, input, signal }) => ctx.foyer.sessions.requests(callOf(ctx, signal), input)),
  /** Answers the other side's newest offer. Errors: stale-generation, request-gone (mine, expired or answered). */
  answer: procedure
    .input(answerInput)
    .output(done)
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.sessions.answer(callOf(ctx, signal), input)
      return DONE
    }),
  /** The host refuses a client that is not connected; its seat is free. Errors: request-gone (connected: drop it), idempotency-mismatch. */
  decline: procedure
    .input(declineInput)
    .output(done)
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.sessions.decline(callOf(ctx, signal), input)
      return DONE
    }),
  /** The next generation's offer, by either side. Errors: stale-generation (`limit`: the present one), too-many-signals. */
  restart: procedure
    .input(restartInput)
    .output(done)
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.sessions.restart(callOf(ctx, signal), input)
      return DONE
    }),
  /** A batch of candidates, or their end. Errors: stale-generation, too-many-signals, idempotency-mismatch. */
  sendCandidates: procedure
    .input(sendCandidatesInput)
    .output(done)
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.sessions.sendCandidates(callOf(ctx, signal), input)
      return DONE
    }),
  /** All signals of one connection after the cursor; its last ones come before session-gone or seat-gone. */
  candidates: procedure
    .input(candidatesInput)
    .output(candidatesOutput)
    .query(({ ctx, input, signal }) => ctx.foyer.sessions.candidates(callOf(ctx, signal), input)),
  /** The connection is made: its signals are dropped, the seat lives with the session. Errors: stale-generation (nobody answered that one). */
  connected: procedure
    .input(connectedInput)
    .output(done)
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.sessions.connected(callOf(ctx, signal), input)
      return DONE
    }),
  /** The caller's box as a stream of `tracked` signals, resumed by lastEventId. Ends with a rule; shutting-down is retryable. */
  events: procedure
    .input(eventsInput)
    .subscription(({ ctx, input, signal }) => ctx.foyer.sessions.events(callOf(ctx, signal), input.lastEventId)),
  /** A client gives its seat up. */
  leave: procedure.output(done).mutation(async ({ ctx, signal }) => {
    await ctx.foyer.sessions.leave(callOf(ctx, signal))
    return DONE
  }),
  /** The host takes a client's seat away, connected or not. Errors: idempotency-mismatch. */
  drop: procedure
    .input(dropInput)
    .output(done)
    .mutation(async ({ ctx, input, signal }) => {
      await ctx.foyer.sessions.drop(callOf(ctx, signal), input)
      return DONE
    }),
  /** The host ends the session: its name is free at once, every client hears `closed`. */
  close: procedure.output(done).mutation(async ({ ctx, signal }) => {
    await ctx.foyer.sessions.close(callOf(ctx, signal))
    return DONE
  }),
})
