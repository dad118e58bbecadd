import { holdTimes, isRevivable } from '../../shared/hold.ts'
import { RuleError } from '../../shared/rules.ts'
import { fingerprint, randomId } from '../secrets.ts'
import type { SeatDoc, SessionDoc } from '../store/docs.ts'
import type { Gate } from './gate.ts'
import { type JoinInput, type JoinOutput, joinPrint, joinReply } from './join.ts'
import { descriptionPrint, offerLetter } from './letters.ts'
import { type Call, type Parts, RACE_MS, TAKES_KEPT } from './parts.ts'

type Proven = Awaited<ReturnType<Gate['prove']>>

/**
 * 3b. Bob's reloaded tab takes his seat again: with its secret a client never hears "taken" or "full". The epoch supersedes
 * the old tab, and the next generation begins a new connection. Null: there is no such seat to take, so it is a plain join.
 */
export function createRetake({ services, boxes }: Parts) {
  const { store, env } = services
  const { sessions, seats, clock } = store
  const times = { expiryMs: env.CONNECTION_EXPIRY_MS, reviveMs: env.CONNECTION_EXPIRY_MS }

  const retake = async (call: Call, input: JoinInput, proven: Proven): Promise<JoinOutput | null> => {
    if (proven.session !== null) throw new RuleError('wrong-secret')
    const owned = proven.seat
    if (owned === null || owned.name !== input.clientName) return null
    const session = await sessions.byId(owned.session)
    if (!isRevivable(session, clock.now()) || session.name !== input.name) return null
    await boxes.admit(session._id)
    const by = call.idempotencyKey === undefined ? randomId() : fingerprint('take', call.idempotencyKey)
    const took = await take(owned, { by, print: joinPrint(input), offer: input.offer })
    return took === null ? null : finish(took, { input, session, secret: proven.secret })
  }

  /** Moves epoch and generation together; the seat as it is then, and what this tab got of it. */
  const take = async (owned: SeatDoc, { by, print, offer }: { by: string; print: string; offer: string }) => {
    let seat: SeatDoc | null = owned
    for (const end = performance.now() + RACE_MS; performance.now() < end;) {
      const now = clock.now()
      const taken = seat?.takes?.find((each) => each.by === by)
      if (taken !== undefined && taken.print !== print) throw new RuleError('idempotency-mismatch')
      if (taken !== undefined && seat !== null) return { seat, tab: taken }
      if (!isRevivable(seat, now)) return null
      const { _id, epoch, generation } = seat
      const next = { epoch: epoch + 1, generation: generation + 1 }
      const offered = { side: 'client' as const, print: descriptionPrint('client', offer) }
      await seats.change({
        id: _id,
        when: { live: true, epoch, generation, purgeAt: { $gt: now } },
        update: {
          $set: { ...next, since: next.generation, offered, ...holdTimes(now, times) },
          $unset: { connected: '' },
          $push: { takes: { $each: [{ by, print, ...next }], $slice: -TAKES_KEPT } },
        },
        applied: (doc) => doc.takes?.some((each) => each.by === by) === true,
      })
      seat = await seats.byId(_id)
    }
    throw new RuleError('unknown-outcome')
  }

  const finish = async (
    { seat, tab }: NonNullable<Awaited<ReturnType<typeof take>>>,
    { input, session, secret }: { input: JoinInput; session: SessionDoc; secret: string },
  ): Promise<JoinOutput> => {
    const { epoch, generation } = tab
    // Later than that, this is a repeat of a take-over that was completed.
    if (seat.generation === generation && seat.live === true && seat.connected !== true) {
      await boxes.blank({ seat: seat._id, upTo: generation - 1 })
      const { offer } = input
      await Promise.all([
        boxes.append(offerLetter(seat, { side: 'client', offer, generation, restart: false })),
        boxes.wake(seat._id, seat._id),
      ])
    }
    return joinReply(seat, session, { secret, epoch, generation })
  }

  return retake
}
export type Retake = ReturnType<typeof createRetake>
