import type { AudienceDoc, ClaimDoc, DeckDoc, LeaseDoc, LinkDoc, WorkerDoc } from './docs-quiz.ts'
import type { Hold } from '../../shared/hold.ts'
import type { Signal } from '../../shared/session/schema.ts'

/** Every document has a string `_id` of ours, so that a repeated insert is recognised by it. */
export interface Doc {
  _id: string
}

/**
 * Seed 1, the offer. `_id` is the offer's id. Unique on `room` while `live`; after removal the document stays as the
 * receipt of the PUT that made it, until `purgeAt`. `handed` marks the receipt of a PUT that was given another's offer.
 */
export interface OfferDoc extends Doc, Hold {
  room: string
  at: Date
  offer?: string | undefined
  keyHash?: string | undefined
  /** Fingerprint of the request, for repeats under the same Idempotency-Key. */
  print?: string | undefined
  handed?: { offerId: string; offer: string } | undefined
  /** Who got the answer: the PUT, and fingerprints of the keeps with an Idempotency-Key. */
  takers?: string[] | undefined
}

/** Seed 1, the answer: at most one for an offer (unique index), kept until `purgeAt` so that a late second join still loses. */
export interface AnswerDoc extends Doc {
  offerId: string
  room: string
  at: Date
  answer?: string | undefined
  print?: string | undefined
  purgeAt: Date
}

/** A tab that took over with its secret: what a repeat under the same Idempotency-Key (`by`) hears again. The last few are kept. */
export interface TakeOver {
  by: string
  print: string
  epoch: number
}

/** Seed 3, the session. Unique on `name` while `live`. */
export interface SessionDoc extends Doc, Hold {
  name: string
  hostName: string
  visibility: 'public' | 'private'
  /** JSON: an integrator's keys may hold `$` and dots. */
  metadata: string
  /** What the list compares of it (shared/session/facets.ts). */
  facets: string[]
  maxClients: number
  passwordHash?: string | undefined
  secretHash: string
  /** Grows with each tab that takes over; older tabs are superseded. */
  epoch: number
  at: Date
  print?: string | undefined
  takes?: TakeOver[] | undefined
  /** Its host ended it: a repeat of `close` succeeds, while a session that was lost is gone. */
  ended?: 'closed' | undefined
}

/** Seed 3, a client's seat. Unique on (session, name) and on (session, slot) while `live`: names and capacity are exact. */
export interface SeatDoc extends Doc, Hold {
  session: string
  name: string
  slot: number
  secretHash: string
  epoch: number
  /** The newest offer's number; signals of older ones are refused. It moves by one conditional update at a time. */
  generation: number
  /** Whose offer that is, and its fingerprint: who comes second with the same number sees that it lost. */
  offered: { side: 'host' | 'client'; print: string }
  /** The generation that the present tab of the client began with; what was before it is another connection. */
  since: number
  connected?: true | undefined
  at: Date
  print?: string | undefined
  takes?: (TakeOver & { generation: number })[] | undefined
  /** Its client gave it up: a repeat of `leave` succeeds, while a seat that was lost is gone. */
  ended?: 'left' | undefined
}

/** `wake` is never delivered: it wakes who waits on the box in other processes. */
export type SignalKind = Signal['kind'] | 'wake'

/** Seed 3's "list of connection messages": one signal in a recipient's box. Unique on (box, n); n has no gaps while the box lives. */
export interface SignalDoc extends Doc {
  box: string
  n: number
  /** The box's incarnation: a box that was emptied starts again at n = 1 under another one, and old cursors see that. */
  inc: string
  /** Whose connection it belongs to: the seat, its generation, and what kind of signal it is. */
  seat: string
  gen: number
  kind: SignalKind
  /** JSON of the signal; absent when dropped (the connection was made), while the document still keeps its n. */
  body?: string | undefined
  print: string
  expiresAt: Date
  purgeAt: Date
}

/**
 * The room log (room-log.md): one document holds the events `seq` to `seq + n - 1` of a room. Unique on (room, seq), and on
 * (room, commands.id). What users wrote is JSON text and never BSON. `_id` begins with the time (store/log.ts).
 */
export interface EventDoc extends Doc {
  room: string
  seq: number
  n: number
  /** `_id` of the document before; null: the first. */
  prev: string | null
  at: Date
  epoch?: number | undefined
  /** Which process wrote it: that one needs no echo of it. */
  origin?: string | undefined
  /** Absent where there is none: an empty list would be a key of the unique index. */
  commands?: CommandRecord[] | undefined
  /** JSON text of the list of events. */
  body: string
  /** Whose rooms have changed by it: for the list of a user's rooms, before the snapshot tells. */
  users?: string[] | undefined
  /** Something outside its room follows from it and may not be done yet. */
  duties?: true | undefined
}

/** What a repeat of a command needs: room-log.md 9. */
export interface CommandRecord {
  id: string
  by: string
  hash: string
  /** JSON text. */
  result: string
  /** Of the command's last event. */
  seq: number
}

/** A room's snapshot: a cache of its log up to `seq`, and what queries need. It may lag, it never leads. */
export interface RoomDoc extends Doc {
  kind: string
  seq: number
  /** `_id` of the document that ends at `seq`. */
  last: string
  at: Date
  /** JSON text of the state. */
  state: string
  /** Occupants and owner. */
  users: string[]
  /** Of a group room: names its set of occupants. */
  set?: string | undefined
  deleted: boolean
  /** Of a quiz room without events: when somebody was last seen to watch it, to a day. The worker's. */
  seenAt?: Date | undefined
  /** Tombstones go, once their log is gone. */
  purgeAt?: Date | undefined
}

/** One renewal of what a user's connection shows in a room; the newest of a connection counts, until it expires. */
export interface PresenceDoc extends Doc {
  room: string
  user: string
  conn: string
  /** JSON text; `null` is gone. */
  state: string
  at: Date
  purgeAt: Date
}

/** Two users, by the order of their ids (seed 4): one document for both sides. Never deleted, so that `v` only grows. */
export interface FriendDoc extends Doc {
  users: [string, string]
  status: 'none' | 'requested' | 'friends'
  by: string | null
  blockers: string[]
  at: Date
  v: number
  /** Who wrote this version: tells the writer that it did. */
  stamp: string
}

/** One notification of a user (seed 4). Unique on (user, prev): one only follows each, so they become visible in their order. */
export interface NotificationDoc extends Doc {
  user: string
  /** Its place; only grows, with gaps. `prev`: of the one before it, 0 where there is none. */
  n: number
  prev: number
  at: Date
  /** JSON text. */
  body: string
  readAt?: Date | undefined
  purgeAt: Date
}

/** What all processes of one installation share, made by whoever starts first. */
export interface SettingDoc extends Doc {
  value: string
}

export interface Docs {
  offers: OfferDoc
  answers: AnswerDoc
  sessions: SessionDoc
  seats: SeatDoc
  signals: SignalDoc
  events: EventDoc
  rooms: RoomDoc
  /** The logs of quiz rooms, apart: workers decode no other, and each sweep folds by its own rules. */
  quizEvents: EventDoc
  quizRooms: RoomDoc
  presence: PresenceDoc
  friends: FriendDoc
  notifications: NotificationDoc
  settings: SettingDoc
  decks: DeckDoc
  claims: ClaimDoc
  audience: AudienceDoc
  links: LinkDoc
  leases: LeaseDoc
  workers: WorkerDoc
}
