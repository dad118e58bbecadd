import { RuleError } from '../../shared/rules.ts'
import type { Signal } from '../../shared/session/schema.ts'
import { boxTopic } from '../subscribe.ts'
import type { SeatDoc, SessionDoc } from '../store/docs.ts'
import type { Parts } from './parts.ts'

/** What is told when a seat ends, to whom, and under which id a repeat finds it. */
export interface Farewell {
  id: string
  box: string
  print: string
  signal: Signal
}

/** Later than every generation: all of a seat's signals. */
const ALL = Number.MAX_SAFE_INTEGER

/** How seats and sessions end: the last word first, then the hold, so that whoever finds the hold gone can read why. */
export function createEndings({ services, boxes, reads, sessionHolds, seatHolds }: Parts) {
  const { store, hub, env, metrics } = services
  const { clock } = store

  /** When a released seat's document, the receipt of its end, may go. */
  const until = () => {
    const now = clock.now()
    return { expiresAt: now, purgeAt: new Date(now.getTime() + 2 * env.CONNECTION_EXPIRY_MS) }
  }

  const clear = async (seat: SeatDoc) => {
    await boxes.blank({ seat: seat._id, upTo: ALL })
    for (const box of [seat._id, seat.session]) hub.notify(boxTopic(box))
  }

  /** Frees a seat without a word. */
  const removeSeat = async (seat: SeatDoc, note: Partial<SeatDoc> = {}) => {
    await seatHolds.release(seat._id, { ...until(), ...note })
    await clear(seat)
  }

  /** Ends a seat with a last word. Completes what an earlier try left. Error: idempotency-mismatch. */
  const endSeat = async (seat: SeatDoc, farewell: Farewell, note?: Partial<SeatDoc>) => {
    const told = await boxes.append({ ...farewell, seat: seat._id, gen: seat.generation })
    if (told === 'taken') throw new RuleError('idempotency-mismatch')
    await removeSeat(seat, note)
  }

  /** Frees a seat whose client never connected. Nothing happens when it came back just now. */
  const evictSeat = async (seat: SeatDoc) => {
    const { purgeAt } = until()
    if (!(await seatHolds.evict(seat._id, clock.now(), { purgeAt }))) return
    metrics.expiries.inc({ kind: 'seat' })
    await clear(seat)
  }

  /** All clients hear that the session is over. The session's own hold is released before. */
  const endSeats = async (session: SessionDoc) => {
    const seats = await reads.seatsOf(session._id)
    await Promise.all(
      seats.map((seat) =>
        endSeat(seat, {
          id: `${seat._id}:closed`,
          box: seat._id,
          print: '',
          signal: { kind: 'closed', client: seat.name },
        }),
      ),
    )
    await boxes.wake(session._id, session._id)
  }

  /** Frees the name of a silent session. Nothing happens when its host came back just now. */
  const evictSession = async (session: SessionDoc) => {
    if (!(await sessionHolds.evict(session._id, clock.now()))) return
    metrics.expiries.inc({ kind: 'session' })
    await endSeats(session)
  }

  return { removeSeat, endSeat, evictSeat, endSeats, evictSession }
}
export type Endings = ReturnType<typeof createEndings>
