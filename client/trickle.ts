import { LIMITS } from '../shared/limits.ts'
import type { Candidate } from '../shared/session/schema.ts'
import { type CandidateLike, plainCandidate } from './rtc.ts'

export interface CandidateBatch {
  generation: number
  candidates: Candidate[]
  /** No more of this generation (RFC 8838 end-of-candidates). */
  end: boolean
}

export interface TrickleOptions {
  /** Sends one batch; a failure is its own to repeat or report. */
  send: (batch: CandidateBatch) => Promise<void>
  batchMs: number
}

/**
 * Gathers local ICE candidates into batches. One batch flies at a time; the next leaves `batchMs` after a candidate came,
 * or at once when gathering has ended: so a hidden tab, whose timers are slow, still sends them all.
 */
export function trickle({ send, batchMs }: TrickleOptions) {
  let waiting: CandidateLike[] = []
  let ended = false
  let current: { generation: number; ufrags: ReadonlySet<string> } | null = null
  let flying = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const add = (candidate: CandidateLike | null | undefined) => {
    if (candidate === null || candidate === undefined) ended = true
    // '' ends one of several components (Firefox); null will follow.
    else if (candidate.candidate !== '') waiting.push(candidate)
    if (ended) flush()
    else timer ??= setTimeout(flush, batchMs)
  }

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (current === null || flying || (waiting.length === 0 && !ended)) return
    const { generation, ufrags } = current
    // Those of an offer that was rolled back have another ufrag, and would be refused by whoever gets them.
    const own = waiting.filter(
      ({ usernameFragment: ufrag }) => ufrag === null || ufrag === undefined || ufrags.has(ufrag),
    )
    const batch = own.slice(0, LIMITS.candidatesPerBatch)
    waiting = own.slice(batch.length)
    const end = ended && waiting.length === 0
    if (end) ended = false
    if (batch.length > 0 || end) void fly({ generation, candidates: batch.map(plainCandidate), end })
  }

  const fly = async (batch: CandidateBatch) => {
    flying = true
    await send(batch)
    flying = false
    flush()
  }

  return {
    add,
    /** The description with this generation is on the server: what was gathered for it may go. */
    begin: (generation: number, sdp: string) => {
      current = {
        generation,
        ufrags: new Set(Array.from(sdp.matchAll(/^a=ice-ufrag:(\S+)/gm), ([, ufrag = '']) => ufrag)),
      }
      flush()
    },
    /** A new description is being made: nothing is sent until its generation is known. */
    hold: () => {
      current = null
      ended = false
    },
    /** Connected: candidates are of no use any more. */
    stop: () => {
      clearTimeout(timer)
      timer = undefined
      current = null
      waiting = []
      ended = false
    },
  }
}
