import type { Hold } from '../../shared/hold.ts'

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
}

/** Seed 1, the answer: at most one for an offer (unique index), kept until `purgeAt` so that a late second join still loses. */
export interface AnswerDoc extends Doc {
  offerId: string
  room: string
  at: Date
  answer?: string | undefined
  print?: string | undefined
  /** Set once the host holds the answer, with the fingerprints of the requests that got it. */
  taken?: true | undefined
  takers?: string[] | undefined
  purgeAt: Date
}

/** Seed 3, the session. Unique on `name` while `live`. */
export interface SessionDoc extends Doc, Hold {
  name: string
  hostName: string
  visibility: 'public' | 'private'
  metadata: string
  maxClients: number
  passwordHash?: string | undefined
  secretHash: string
  /** Grows with each tab that takes over; older tabs are superseded. */
  epoch: number
  at: Date
  print?: string | undefined
}

/** Seed 3, a client's seat. Unique on (session, name) and on (session, slot) while `live`: names and capacity are exact. */
export interface SeatDoc extends Doc, Hold {
  session: string
  name: string
  slot: number
  secretHash: string
  epoch: number
  /** The newest offer's number; signals of older ones are refused. */
  generation: number
  connected?: true | undefined
  at: Date
  print?: string | undefined
}

/** Seed 3's "list of connection messages": one signal in a recipient's box. Unique on (box, n); n has no gaps while the box lives. */
export interface SignalDoc extends Doc {
  box: string
  n: number
  /** The box's incarnation: a box that was emptied starts again at n = 1 under another one, and old cursors see that. */
  inc: string
  seat: string
  /** JSON of the signal; absent when dropped (the connection was made), while the document still keeps its n. */
  body?: string | undefined
  print: string
  expiresAt: Date
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
  settings: SettingDoc
}
