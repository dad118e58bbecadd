import {
  answerInput,
  conductorInput,
  controlInput,
  getQuizInput,
  groupInput,
  hostedInput,
  hostInput,
  inviteInput,
  joinQuizInput,
  listQuizInput,
  messageInput,
  quizEventsInput,
  quizInput,
  resultsInput,
  soloInput,
} from '../shared/quiz/wire.ts'
import { accountProcedure, router } from './trpc.ts'

/**
 * Seed 4, quiz rooms: HostedPerpetual, GroupPerpetual, GroupEvanescent. Every procedure takes the integrator's JWT; a service token acts
 * for the user that `as` names, with that user's rights. A command brings an id (UUIDv7) of its own, so that a repeat gets the first
 * result (`replayed`). Times are ms by mongod's clock. Beside the errors named below each gives unauthorized, forbidden (`as`), and
 * each command room-gone (also: it has ended), rate-limited, idempotency-mismatch, stale-command, unknown-outcome.
 */
export const quizRouter = router({
  /** The HostedPerpetual room of an own deck, made if there is none: 0..1 a deck. Errors: not-owner, deck-unplayable, bad-request (scoring). */
  host: accountProcedure.input(hostInput).mutation(({ ctx, input: { payload, ...envelope } }) => {
    return ctx.foyer.quizzes.host(ctx.account, envelope, payload)
  }),
  /** Where a deck's HostedPerpetual room is; null: there is none. */
  hosted: accountProcedure.input(hostedInput).query(({ ctx, input: { deck } }) => ctx.foyer.quizzes.hosted(deck)),
  /**
   * The GroupPerpetual room of the user and these friends, with a message: the most recent one with exactly these occupants, else a new
   * one. Errors: not-friend, limit-reached, bad-request (blank), version-conflict (its occupants change all the time).
   */
  group: accountProcedure
    .input(groupInput)
    .mutation(({ ctx, input: { others, text, proposal, ...envelope } }) =>
      ctx.foyer.quizzes.group(ctx.account, envelope, { others, text, proposal }),
    ),
  /** A GroupEvanescent room of the user alone, from a deck's page. Errors: deck-unplayable, bad-request (scoring). */
  solo: accountProcedure.input(soloInput).mutation(({ ctx, input: { payload, ...envelope } }) => {
    return ctx.foyer.quizzes.solo(ctx.account, envelope, payload)
  }),
  /**
   * Enters a room, or stays in it: a HostedPerpetual one anybody, a group that holds a friend, an evanescent one by invitation. `from`: the
   * room that it was spawned from. Errors: not-friend, not-invited, room-full.
   */
  join: accountProcedure.input(joinQuizInput).mutation(async ({ ctx, input: { room, from, ...envelope } }) => {
    const { quizzes } = ctx.foyer
    await quizzes.arrive(room, from)
    const facts = await quizzes.facts.friendsIn(envelope.as ?? ctx.account.id, room)
    return quizzes.run(ctx.account, envelope, { room, command: { type: 'join', facts } })
  }),
  /** Leaves a room, or stays out of it; the last one closes a group. Error: cannot-leave (GroupEvanescent). */
  leave: accountProcedure
    .input(quizInput)
    .mutation(({ ctx, input: { room, ...envelope } }) =>
      ctx.foyer.quizzes.run(ctx.account, envelope, { room, command: { type: 'leave' } }),
    ),
  /** Brings a friend, who is told: in at once (a group), else by joining. Errors: not-occupant, not-friend, room-full, limit-reached. */
  invite: accountProcedure.input(inviteInput).mutation(async ({ ctx, input: { room, user, ...envelope } }) => {
    const { quizzes } = ctx.foyer
    const facts = await quizzes.facts.friendsAmong(envelope.as ?? ctx.account.id, [user])
    return quizzes.run(ctx.account, envelope, { room, command: { type: 'invite', user, facts } })
  }),
  /** Says something, with what it proposes, if that is what it is about. Errors: not-occupant, limit-reached, bad-request (blank). */
  message: accountProcedure
    .input(messageInput)
    .mutation(({ ctx, input: { room, text, proposal, ...envelope } }) =>
      ctx.foyer.quizzes.run(ctx.account, envelope, { room, command: { type: 'message', text, proposal } }),
    ),
  /** From zero quizconductors to one (GroupPerpetual). Errors: wrong-kind, not-occupant, conductor-running, deck-unplayable, bad-request. */
  start: accountProcedure.input(conductorInput).mutation(async ({ ctx, input: { room, payload, ...envelope } }) => {
    const { quizzes } = ctx.foyer
    const facts = await quizzes.facts.deck(envelope.as ?? ctx.account.id, payload.deck)
    return quizzes.run(ctx.account, envelope, { room, command: { type: 'startConductor', payload, facts } })
  }),
  /** From one quizconductor to zero (GroupPerpetual). Errors: wrong-kind, not-occupant, no-conductor. */
  terminate: accountProcedure
    .input(quizInput)
    .mutation(({ ctx, input: { room, ...envelope } }) =>
      ctx.foyer.quizzes.run(ctx.account, envelope, { room, command: { type: 'terminate' } }),
    ),
  /**
   * Makes a GroupEvanescent room with the occupants of a GroupPerpetual one: `result.child`. The message of it moves the clients. Errors:
   * wrong-kind, not-occupant, deck-unplayable, bad-request (scoring).
   */
  spawn: accountProcedure.input(conductorInput).mutation(({ ctx, input: { room, payload, ...envelope } }) => {
    return ctx.foyer.quizzes.spawn(ctx.account, envelope, { room, payload })
  }),
  /**
   * Answers the open question, in the positions that the player saw: the first counts, `result.counted`; `result.late`: after deadline and
   * grace, for no points. Errors: not-occupant, no-conductor, question-over, wrong-phase, not-playing, answer-mismatch.
   */
  answer: accountProcedure
    .input(answerInput)
    .mutation(({ ctx, input: { room, round, question, value, ...envelope } }) => {
      const { quizzes, store } = ctx.foyer
      const facts = { receivedAt: store.clock.now().getTime() }
      return quizzes.run(ctx.account, envelope, { room, command: { type: 'answer', round, question, value, facts } })
    }),
  /** A host's command to the quizconductor (shared/quiz/controls.ts). Errors: not-owner, not-occupant, no-conductor, wrong-phase, … */
  control: accountProcedure
    .input(controlInput)
    .mutation(({ ctx, input: { room, control, ...envelope } }) =>
      ctx.foyer.quizzes.run(ctx.account, envelope, { room, command: { type: 'control', control } }),
    ),
  /** The room as the user sees it, or its end. Errors: room-gone (there never was one), not-occupant. */
  get: accountProcedure.input(getQuizInput).query(async ({ ctx, input: { from, ...input } }) => {
    await ctx.foyer.quizzes.arrive(input.room, from)
    return ctx.foyer.quizzes.get(ctx.account, input)
  }),
  /** Live rooms that the user is in or owns, by id. */
  list: accountProcedure.input(listQuizInput).query(({ ctx, input }) => ctx.foyer.quizzes.list(ctx.account, input)),
  /** Group rooms that hold a friend, which the user may join. */
  friends: accountProcedure
    .input(listQuizInput)
    .query(({ ctx, input }) => ctx.foyer.quizzes.joinable(ctx.account, input)),
  /** A round's results, also as CSV (RFC 4180). Errors: room-gone, not-occupant, no-results. */
  results: accountProcedure
    .input(resultsInput)
    .query(({ ctx, input }) => ctx.foyer.quizzes.results(ctx.account, input)),
  /**
   * The room as it happens, as the user sees it: frames `tracked` by version, resumed by lastEventId or `after` where nothing was missed,
   * else all of the room again. Completes after the end of a room, once it is told where to go. Errors: room-gone (there never was one),
   * not-occupant (also in the middle: kicked, or left), unauthorized (the token is over), shutting-down (retryable).
   */
  events: accountProcedure.input(quizEventsInput).subscription(({ ctx, input, signal }) => {
    const { account, flow, foyer } = ctx
    return foyer.quizzes.events({ account, flow, signal }, input)
  }),
})
