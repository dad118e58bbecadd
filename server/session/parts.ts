import type { Services } from '../services.ts'
import type { Boxes } from '../store/boxes.ts'
import type { SeatDoc, SessionDoc } from '../store/docs.ts'
import type { holdsOf } from '../store/holds.ts'
import type { SessionReads } from '../store/session-reads.ts'

/** What every call of a hosted session carries besides its input. */
export interface Call {
  /** The host's or client's token, if one was sent. */
  bearer: string | null
  /** A repeat under the same key gets the first reply. */
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
}

/** What the flows of hosted sessions share. */
export interface Parts {
  services: Services
  boxes: Boxes
  reads: SessionReads
  sessionHolds: ReturnType<typeof holdsOf<SessionDoc>>
  seatHolds: ReturnType<typeof holdsOf<SeatDoc>>
}

/** A lost race is decided again at once; five seconds of losing in a row is an incident, not a race. */
export const RACE_MS = 5_000

/** How many take-overs a document remembers for repeats. */
export const TAKES_KEPT = 8
