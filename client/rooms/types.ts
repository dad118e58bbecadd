import type { z } from 'zod'
import type { Json, JsonObject } from '../../shared/json.ts'
import type { Logged } from '../../shared/log/logged.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { Presence, RoomListing, RoomNews, RoomTombstone, RoomView as WholeRoom } from '../../shared/room/schema.ts'
import type { RoomEvent } from '../../shared/room/state.ts'
import type { FoyerError } from '../errors.ts'
import type { Edits } from '../room/edits.ts'
import type { EditReply } from '../room/part.ts'
import type { AnyJson, DataSchema } from '../room/types.ts'

/** An event with its place in its room's log: 1, 2, 3, … without a gap. */
export type NumberedEvent = Logged<RoomEvent> & { version: number }

/** What happened in a room, in order: right after what was told of it before. */
export interface FollowedEvents {
  room: string
  /** Of the last of the events: what to store, once they are dealt with. */
  version: number
  events: readonly NumberedEvent[]
}

/** All of a room, instead of whatever came before. */
export interface FollowedSnapshot {
  room: string
  version: number
  /**
   * `start`: it was followed without a version. `resync`: the events after its version are not kept any more. `slow`: this process
   * did not read as fast as the events came.
   */
  why: 'start' | 'resync' | 'slow'
  view: WholeRoom
}

/** Nothing more comes of a room, and it is not followed any more. */
export interface FollowEnd {
  room: string
  /** `room-gone`: it was deleted, or never was. Any other: why the server does not show it. */
  rule: string
  /** Of a room that was deleted while it was followed, or before. */
  deleted: RoomTombstone['deleted'] | null
}

export interface FollowedPresence {
  room: string
  /** Whether these are all who are present; else those of whom something changed (`state` null: gone). */
  all: boolean
  present: readonly Presence[]
}

export interface RoomsEvents {
  events: FollowedEvents
  snapshot: FollowedSnapshot
  end: FollowEnd
  presence: FollowedPresence
  /** `offline`: the connection is lost, or something that is followed does not come at the moment; both are tried again. */
  state: { state: 'online' | 'offline' }
  /** The server refuses the token, and a fresh one; nothing is followed or sent any more. */
  ended: { error: FoyerError }
}

/** Versions by room; null: of a room that has told nothing yet. Plain JSON, for the application to store. */
export type RoomVersions = Record<string, number | null>

export interface CommandOptions {
  /**
   * A UUIDv7 of the application's own, not older than a day: the same command under the same id is done once, by whatever process
   * and however often it is sent. Absent: a new one, which holds for this call and all its repeats.
   */
  id?: string | undefined
  /** Stops sending it, with `aborted`; whether it was done is not known then. */
  signal?: AbortSignal | undefined
}

export interface RoomEditOptions extends CommandOptions {
  /** Only at that version of the room, else `version-conflict` with `details.changes`. */
  ifVersion?: number | undefined
  /** The version that the operations by index were made on: the server carries them over what came since. */
  base?: number | undefined
}

export interface NewRoom<T = Json> extends CommandOptions {
  /** Default `{}`. */
  data?: T | undefined
  /** How many occupants it takes; the server has a default. */
  capacity?: number | undefined
  metadata?: JsonObject | undefined
}

/** What became of a command. */
export interface CommandDone {
  room: string
  /** The room's version right after it. */
  version: number
  /** True: it had been done before, under the same id, and this is its first result. */
  replayed: boolean
}

/**
 * Commands of one user, or of the service itself. Each is done once, whatever is lost on the way: it is repeated under its id until
 * there is an answer, or `signal` ends it. Commands that do not wait for each other may arrive in any order. Every one may fail with
 * `room-gone`, `unauthorized`, `forbidden`, `limit-reached`, `idempotency-mismatch` or `stale-command` (`id`), `too-large` (64 KiB),
 * `queue-full` (too many wait) and `aborted`, beside the errors that it names; `error.details` has the numbers.
 */
export interface RoomCommands {
  /** Makes a room; the user owns it and is its first occupant. */
  create(room?: NewRoom): Promise<CommandDone>
  /** Errors: `room-full`, `banned`. */
  join(room: string, options?: CommandOptions): Promise<CommandDone>
  leave(room: string, options?: CommandOptions): Promise<CommandDone>
  /** Ends the room for everybody. Errors: `not-owner`. */
  destroy(room: string, options?: CommandOptions & { reason?: string | undefined }): Promise<CommandDone>
  /** Errors: `not-owner`, `no-such-occupant`, `forbidden` (oneself). */
  kick(room: string, user: string, options?: CommandOptions & { reason?: string | undefined }): Promise<CommandDone>
  /** Errors: `not-owner`, `forbidden` (oneself). */
  ban(room: string, user: string, options?: CommandOptions & { reason?: string | undefined }): Promise<CommandDone>
  /** Errors: `not-owner`. */
  unban(room: string, user: string, options?: CommandOptions): Promise<CommandDone>
  /** Errors: `not-owner`, `no-such-occupant`. */
  transfer(room: string, to: string, options?: CommandOptions): Promise<CommandDone>
  /** Errors: `not-owner`. */
  setMetadata(room: string, metadata: JsonObject, options?: CommandOptions): Promise<CommandDone>
  /**
   * All operations, or none. Errors: `not-occupant`, `version-conflict`, `stale-index`, and those of shared/room/operations.ts with
   * `details.operation`.
   */
  edit(room: string, operations: readonly Operation[], options?: RoomEditOptions): Promise<EditReply>
  /** The same, one operation a call, typed by the schema: `edits(room, schema).increment('/score', 10)`. */
  edits<S extends DataSchema = AnyJson>(room: string, schema?: S): Edits<z.input<S>, Promise<EditReply>>
  /** The room now, or its tombstone. Errors: `not-occupant`, `banned`. */
  get(room: string, options?: Pick<CommandOptions, 'signal'>): Promise<RoomNews>
  /** The rooms that the user owns or is in, by id, from `after` (`next` of the page before) on. */
  list(page?: { after?: string | undefined; limit?: number | undefined }): Promise<RoomListing>
}

/** Any number of rooms on one connection; `RoomCommands` on it are the service's own, which has an owner's rights everywhere. */
export interface Rooms extends RoomCommands {
  /** The same commands for a user, with that user's rights. */
  as(user: string): RoomCommands
  /**
   * Follows a room, at any moment: the events after a version, each once and in order, or without one (null) all of the room
   * first. A room that is followed goes on as it is. More than one call in one turn of the event loop are one request.
   */
  follow(room: string, options?: { after?: number | null | undefined }): void
  /** Nothing more of the room is told, as of now. Returns the version up to which it was; null: nothing was told yet, or it is not followed. */
  unfollow(room: string): number | null
  /**
   * What is followed, and up to where it was told: listeners have been called for every event up to there. To resume in another
   * process without missing or repeating any, give it to `connectRooms({ rooms })`. Who deals with events later than in the
   * listener stores the `version` that came with them instead.
   */
  readonly versions: RoomVersions
  readonly state: 'online' | 'offline' | 'ended'
  /** Listens; returns what stops it. A listener that throws is reported as uncaught, and keeps nothing from the others. */
  on<K extends keyof RoomsEvents>(event: K, listener: (value: RoomsEvents[K]) => void): () => void
  /** Ends the connection. No user leaves a room by that. Commands without an answer fail with `aborted`. */
  close(): void
}
