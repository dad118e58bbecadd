import {
  createInput,
  deleteInput,
  editInput,
  eventsInput,
  feedInput,
  getInput,
  listInput,
  memberInput,
  metadataInput,
  presenceInput,
  presentInput,
  roomInput,
  transferInput,
  unbanInput,
} from '../shared/room/schema.ts'
import type { Account } from './accounts.ts'
import type { Context } from './context.ts'
import type { Subscriber } from './rooms/pull.ts'
import { accountProcedure, router } from './trpc.ts'

const subscriberOf = (
  { account, flow }: Context & { account: Account },
  signal: AbortSignal | undefined,
): Subscriber => ({ account, flow, signal })

/**
 * Seed 2, shared-data rooms. Every procedure takes the integrator's JWT; a service token acts for the user that `as` names. A
 * command brings an id (UUIDv7) of its own, so that a repeat gets the first result (`replayed`), and is answered with the whole
 * room unless it asks for the result only. Beside the errors named below each gives unauthorized, forbidden (`as`), and each
 * command room-gone, rate-limited, idempotency-mismatch (the id was another command's), stale-command and unknown-outcome.
 */
export const roomRouter = router({
  /** Makes a room; its creator owns it and is its first occupant. Errors: limit-reached. */
  create: accountProcedure.input(createInput).mutation(({ ctx, input }) => {
    const { data, metadata, capacity = ctx.foyer.env.ROOM_CAPACITY, ...envelope } = input
    return ctx.foyer.rooms.create(ctx.account, envelope, { type: 'create', data, metadata, capacity })
  }),
  /** Ends a room for everybody. Errors: not-owner. */
  delete: accountProcedure
    .input(deleteInput)
    .mutation(({ ctx, input: { room, reason, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'delete', reason } }),
    ),
  /** Enters a room, or stays in it. Errors: room-full, banned. */
  join: accountProcedure
    .input(roomInput)
    .mutation(({ ctx, input: { room, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'join' } }),
    ),
  /** Leaves a room, or stays out of it. Its owner stays its owner. */
  leave: accountProcedure
    .input(roomInput)
    .mutation(({ ctx, input: { room, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'leave' } }),
    ),
  /** Takes an occupant out; it may come again. Errors: not-owner, no-such-occupant, forbidden (oneself). */
  kick: accountProcedure
    .input(memberInput)
    .mutation(({ ctx, input: { room, user, reason, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'kick', user, reason } }),
    ),
  /** Takes a user out, and keeps it out. Errors: not-owner, forbidden (oneself), limit-reached. */
  ban: accountProcedure
    .input(memberInput)
    .mutation(({ ctx, input: { room, user, reason, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'ban', user, reason } }),
    ),
  /** Lets a user in again. Errors: not-owner. */
  unban: accountProcedure
    .input(unbanInput)
    .mutation(({ ctx, input: { room, user, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'unban', user } }),
    ),
  /** Gives the room to another occupant. Errors: not-owner, no-such-occupant. */
  transfer: accountProcedure
    .input(transferInput)
    .mutation(({ ctx, input: { room, to, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'transfer', to } }),
    ),
  /** Replaces the room's metadata. Errors: not-owner, limit-reached. */
  setMetadata: accountProcedure
    .input(metadataInput)
    .mutation(({ ctx, input: { room, metadata, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'setMetadata', metadata } }),
    ),
  /**
   * Changes the room's data: all operations, or none. `ifVersion`: only at that version; `base`: the version that the sender saw.
   * Errors: not-occupant, limit-reached; version-conflict, stale-index, path-missing, test-failed, duplicate-id, out-of-bounds: with
   * the `version` now, the `operation` that failed and, where one was named and they are kept, the `changes` since.
   */
  edit: accountProcedure
    .input(editInput)
    .mutation(({ ctx, input: { room, operations, ifVersion, base, ...envelope } }) =>
      ctx.foyer.rooms.run(ctx.account, room, { envelope, command: { type: 'edit', operations, ifVersion, base } }),
    ),
  /** The room now, or its tombstone. No seat is needed but the right to read. Errors: room-gone, not-occupant, banned. */
  get: accountProcedure.input(getInput).query(({ ctx, input }) => ctx.foyer.rooms.get(ctx.account, input)),
  /** The rooms that the user owns or is in, by id. */
  list: accountProcedure.input(listInput).query(({ ctx, input }) => ctx.foyer.rooms.list(ctx.account, input)),
  /**
   * The room as it happens: frames `tracked` by version (presence by the version before it), resumed by lastEventId, or from `after`
   * on; neither: all of the room first. Each event is authorised (room-log.md 17). Ends with a rule: room-gone (there never was one),
   * not-occupant, banned (also in the middle, after the event that did it), unauthorized (the token is over), shutting-down
   * (retryable); it completes after a deleted room's tombstone. Over server-sent events or, with commands on the same connection, a
   * WebSocket.
   */
  events: accountProcedure
    .input(eventsInput)
    .subscription(({ ctx, input, signal }) => ctx.foyer.rooms.events(subscriberOf(ctx, signal), input)),
  /**
   * Many rooms as one stream, each from its version on; what ends one is a frame of kind `end`. Not tracked: who resumes sends the
   * versions that it has. tRPC's own links reconnect by themselves, with the map that the subscription began with: who leaves that
   * to them drops each event up to the version that it has. A large map is for a WebSocket: server-sent events take it in the URL, of
   * which Bun reads 16 KB.
   */
  feed: accountProcedure
    .input(feedInput)
    .subscription(({ ctx, input, signal }) => ctx.foyer.rooms.feed(subscriberOf(ctx, signal), input)),
  /**
   * Shows one connection of the user in the room, with any small state (a cursor), until it is not renewed for PRESENCE_EXPIRY_MS;
   * null takes it away at once. Errors: room-gone, not-occupant, banned (also of a service's user: only who may read is shown),
   * limit-reached.
   */
  present: accountProcedure
    .input(presenceInput)
    .mutation(({ ctx, input }) => ctx.foyer.rooms.present(ctx.account, input)),
  /** Who is present in the room now, one entry a connection. Errors: room-gone, not-occupant, banned. */
  presence: accountProcedure
    .input(presentInput)
    .query(({ ctx, input }) => ctx.foyer.rooms.presence(ctx.account, input)),
})
