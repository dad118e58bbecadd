import type { Actor } from '../../shared/log/decider.ts'
import type { Json } from '../../shared/json.ts'
import type { RuleError } from '../../shared/rules.ts'
import type { EventDoc } from '../store/docs.ts'
import type { Turns } from './turns.ts'

/** What of a log is folded: always up to the end of a document (room-log.md 2). `state` null: there is no such room. */
export interface Head<S> {
  state: S | null
  seq: number
  /** `_id` of the document that ends there. */
  last: string | null
}

/** A command that waits for its place in the log. */
export interface Pending<S, C> {
  id: string
  actor: Actor
  command: C
  hash: string
  /** ms by mongod's clock when it was first received, kept over retries: room-log.md 10. */
  now: number
  /** When it came, by the monotonic clock: an answer that appends nothing needs a tail read that began later. */
  arrived: number
  settle: (done: Done<S>) => void
  fail: (error: RuleError | Error) => void
  /** Answered: by its deadline, while it waited. */
  over: boolean
}

/** What became of a command. `state` is the room's at this command's end, or later. */
export interface Done<S> {
  seq: number
  replayed: boolean
  result: Json
  state: S
}

/** A document that was folded, as watchers hear of it; the state is the one after it. */
export interface Landed<S> {
  doc: EventDoc
  state: S
}

export interface Watcher<S> {
  landed(landed: Landed<S>): void
  /** The room was folded anew from a snapshot: what happened between is not known here one by one. */
  reset(head: Head<S>): void
}

/** A room as this process knows it. */
export interface Room<S, C> {
  id: string
  head: Head<S> | null
  /** Of the newest document that is folded, ms by mongod's clock: none of later ones is earlier (room-log.md 10). */
  at: number
  /** When the newest proof began that `head` was the log's end, by the monotonic clock. */
  checkedAt: number
  /** null: no other process was seen to write in it. */
  turns: Turns | null
  queue: Pending<S, C>[]
  writing: boolean
  watchers: Set<Watcher<S>>
  /** What commands did lately, by id. */
  done: Map<string, { by: string; hash: string; result: string; seq: number }>
  /** Set by a log that does not fold: no writes. */
  unsound: boolean
  /** The head's seq at the last snapshot, and when that was due at the latest. */
  keptSeq: number
  dirtySince: number | null
  /** How much it holds, in characters of JSON: exact whenever a snapshot is read or kept, and an upper bound in between. */
  chars: number
  usedAt: number
}

export const emptyRoom = <S, C>(id: string): Room<S, C> => ({
  id,
  head: null,
  at: 0,
  checkedAt: Number.NEGATIVE_INFINITY,
  turns: null,
  queue: [],
  writing: false,
  watchers: new Set(),
  done: new Map(),
  unsound: false,
  keptSeq: 0,
  dirtySince: null,
  chars: 0,
  usedAt: performance.now(),
})
