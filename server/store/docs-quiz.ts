import type { QuizKind } from '../../shared/quiz/state.ts'
import type { Doc } from './docs.ts'

/** A deck of cards (seed 4). What its owner wrote is JSON text and never BSON. */
export interface DeckDoc extends Doc {
  owner: string
  visibility: 'private' | 'shared' | 'public'
  title: string
  cards: number
  at: Date
  /** Grows with each change; an edit names the one that it saw. */
  v: number
  /** JSON text: title, description, cards. */
  body: string
  /** Who wrote this version: tells the writer that it did. */
  stamp: string
  /** Fingerprint of the request that made it, for its repeats. */
  print?: string | undefined
  /** The last commands that changed it, for their repeats. */
  done?: DeckCommand[] | undefined
  /** Removed: what is left keeps a late repeat from making it again, until `purgeAt`. */
  gone?: true | undefined
  purgeAt?: Date | undefined
}

export interface DeckCommand {
  id: string
  print: string
  /** Which version it made. */
  v: number
  /** How many cards it added under new ids. */
  added: number
}

/** A unique fact outside a room's own log (room-log.md 14), by its key: a hint, which folding its room verifies. */
export interface ClaimDoc extends Doc {
  room: string
  at: Date
  /** What a compare-and-swap compares. */
  stamp: string
  /** Of claims that a repeat needs and nobody later. */
  purgeAt?: Date | undefined
}

/** Who watches a room through one server; the newest entry of each server counts, until it expires. Inserts only, for the stream. */
export interface AudienceDoc extends Doc {
  room: string
  server: string
  users: string[]
  at: Date
  purgeAt: Date
}

/** A one-time invitation by link: friendship with `by`, and a place in a room where one is named. `_id`: hash of its secret. */
export interface LinkDoc extends Doc {
  by: string
  room?: string | undefined
  at: Date
  expiresAt: Date
  purgeAt: Date
  /** Who came by it: the first. */
  usedBy?: string | undefined
}

/**
 * Who runs the conductor of a room, `_id`: ownership only, what the conductor knows is in the log (room-log.md 15). Never deleted
 * while the room lives: the epoch must only grow.
 */
export interface LeaseDoc extends Doc {
  kind: QuizKind
  /** Whether the room has a conductor at all, as its log says. */
  desired: 'on' | 'off'
  /** `wanted`: free to be claimed. `released`: dormant. `failed`: it crashed too often; looked at again at `crash.notBefore`. */
  status: 'wanted' | 'held' | 'released' | 'failed' | 'ended'
  /** One more with each claim, supervisor's release and reaping; never less. */
  epoch: number
  holder: { worker: string; claim: string; host: string } | null
  /** By mongod's clock, all of them. */
  acquiredAt: Date | null
  renewedAt: Date | null
  /** Of the row. The lease ends earlier if its process has no heartbeat any more (lease-losses.ts). */
  expiresAt: Date | null
  /** Since when its process has not lost it; null: its conductor gave up, or nobody has it. */
  aliveSince: Date | null
  wantedAt: Date
  crash: { count: number; since: Date | null; notBefore: Date | null }
  endedAt?: Date | undefined
  purgeAt?: Date | undefined
}

/** A process that runs conductors. Its heartbeat stands for all leases that it holds (leases.ts). */
export interface WorkerDoc extends Doc {
  host: string
  pid: number
  supervisor: string
  startedAt: Date
  renewedAt: Date
  /** It is lost, if it has not said anything by then. */
  expiresAt: Date
  /** Somebody has found so: its leases are free, and it takes them anew if it comes back. */
  lost?: true | undefined
  draining: boolean
  /** How many conductors it runs. */
  load: number
  purgeAt: Date
}
