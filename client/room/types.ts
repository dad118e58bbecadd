import type { z } from 'zod'
import type { Json, JsonObject } from '../../shared/json.ts'
import type { Logged } from '../../shared/log/logged.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { Presence } from '../../shared/room/schema.ts'
import type { RoomEvent } from '../../shared/room/state.ts'
import type { FoyerError } from '../errors.ts'
import type { Edits } from './edits.ts'
import type { EditReply } from './part.ts'

/** A schema of a room's data. Its input type is the JSON that is stored, its output type what `data` is. */
export type DataSchema = z.ZodType
export type AnyJson = z.ZodType<Json, Json>

/** `online`: what others do comes at once (or with the next poll, where streams are blocked). `offline`: edits wait. */
export type RoomStateName = 'online' | 'offline' | 'ended'

/** Why a room is over for this client; `lost`: the server refuses this token. `reason` is the owner's, where there is one. */
export interface RoomEnd {
  why: 'deleted' | 'kicked' | 'banned' | 'left' | 'closed' | 'lost'
  reason: string
  error?: FoyerError | undefined
}

/** An event of the room's log. `own`: by a command of this open room. `pending`: not in the log yet, only on our view. */
export type SeenEvent = Logged<RoomEvent> & { own: boolean; pending: boolean }

export interface RoomChange<T> {
  /** What it is now, own edits included. */
  data: T
  version: number
  /** `edit`: an own one, before the server knows. `events`: the log went on. `rejected`: own edits were taken back. `resync`: all anew. */
  cause: 'edit' | 'events' | 'rejected' | 'resync'
  /** What happened, in order; empty where that is not known. */
  events: readonly SeenEvent[]
}

export interface Rejected {
  /** What the server refused, or what this client knows that it will. */
  operations: readonly Operation[]
  error: FoyerError
}

export interface RoomEvents<T> {
  change: RoomChange<T>
  /** An own edit that came to nothing; the view is as if it had not been. Whoever awaits the edit hears the same. */
  rejected: Rejected
  state: { state: RoomStateName }
  presence: readonly Presence[]
  ended: RoomEnd
  /** Something went wrong that ends nothing: `unfit-data`, or a presence that cannot be shown. */
  error: FoyerError
}

/** The room at one moment; the same object until something changes. */
export interface RoomSnapshot<T> {
  /** Own edits included; by the schema. While the room's data does not fit (`error`), the last that did. */
  readonly data: T
  /** Of the newest event that is confirmed. */
  readonly version: number
  readonly owner: string
  readonly occupants: readonly string[]
  readonly capacity: number
  readonly metadata: JsonObject
  readonly state: RoomStateName
  /** Own edits that the server has not confirmed yet. */
  readonly pending: number
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Who is present, one entry a connection, this one included. */
  readonly presence: readonly Presence[]
  /** `unfit-data`, while that is so. */
  readonly error: FoyerError | null
}

export interface TransactOptions {
  /** How many conflicts are gone through before `version-conflict` is given up to; default 32. */
  retries?: number | undefined
}

/** What a transaction writes with: each call adds an operation to its one command. */
export type Transaction<I> = Edits<I, void>

/**
 * An open shared-data room (seed 2). Edits show at once, in `data`, and go to the server in order, each exactly once; the promise
 * of an edit resolves with what the server said. A promise that nobody awaits is no unhandled rejection: `rejected` tells, too.
 */
export interface Room<S extends DataSchema = AnyJson>
  extends Edits<z.input<S>, Promise<EditReply>>, RoomSnapshot<z.output<S>> {
  /** The room's UUID. */
  readonly id: string
  /** As whom it is open: the token's user, or whom a service acts for. */
  readonly user: string
  /** This connection in `presence`. */
  readonly conn: string
  /** All of the above at one moment. */
  readonly snapshot: RoomSnapshot<z.output<S>>

  /** Listens; returns what stops it. */
  on<K extends keyof RoomEvents<z.output<S>>>(
    event: K,
    listener: (value: RoomEvents<z.output<S>>[K]) => void,
  ): () => void
  /** Calls back when `snapshot` is another; returns what stops it. For frameworks: React's useSyncExternalStore takes it as it is. */
  subscribe(listener: () => void): () => void

  /**
   * Several operations as one edit: all are done, or none. `ifVersion`: only at that version of the room, own edits before
   * included, else `version-conflict`; from the server with `details.changes`, what was done since. Errors: those of
   * shared/room/operations.ts; `bad-request`, `limit-reached`, `not-occupant`, `queue-full`, `unfit-data`. Once the room is over:
   * `aborted`, if it was sent, since it may have been done; else why it is over (`room-gone`, `banned`, `not-occupant`, `aborted`).
   */
  edit(operations: readonly Operation[], options?: { ifVersion?: number | undefined }): Promise<EditReply>
  /**
   * Reads and writes without anybody in between: `change` gets the confirmed data, own earlier edits in it, and writes with `tx`.
   * If somebody was faster it is called again on what they left: it must do nothing else. It does not show before the server
   * has it, and `undo` does not take it back. Errors: as `edit`; what `change` throws; `version-conflict` after all retries.
   */
  transact(
    change: (data: z.output<S>, tx: Transaction<z.input<S>>) => void,
    options?: TransactOptions,
  ): Promise<EditReply>
  /**
   * Takes back the newest own edit that was not taken back, as an edit of its own: what it set is restored where it still stands so,
   * what it removed comes back, what it added to a number is subtracted, what it moved moves back. False, and nothing happens, where
   * there is none, others have changed it since, or its place in a list is not sure any more. The last 100 edits since it was opened.
   */
  undo(): Promise<boolean>
  /** Does again what `undo` took back, by the same rules; an edit in between ends that. */
  redo(): Promise<boolean>
  /** Resolves when no own edit waits any more. Errors: `aborted` when it ends before. */
  settled(): Promise<void>

  /** Shows this connection to the others with any small state (a cursor); null: it is away. Twenty times a second at most. */
  present(state: Json): void

  /** Ends this handle; the seat stays. Edits that were not confirmed go on with the next `openRoom`, if there is a `store`. */
  close(): void
  /** Leaves the room, after the own edits, and ends. */
  leave(): Promise<void>
  /** Ends the room for everybody. Error: `not-owner`. */
  destroy(reason?: string): Promise<void>
  /** Errors: `not-owner`, `no-such-occupant`, `forbidden` (oneself). */
  kick(user: string, reason?: string): Promise<void>
  ban(user: string, reason?: string): Promise<void>
  unban(user: string): Promise<void>
  /** Gives the room to another occupant. Errors: `not-owner`, `no-such-occupant`. */
  transfer(to: string): Promise<void>
  setMetadata(metadata: JsonObject): Promise<void>
}
