import type { z } from 'zod'
import { holdTimes } from '../../shared/hold.ts'
import { RuleError } from '../../shared/rules.ts'
import type { answerInput, restartInput } from '../../shared/session/schema.ts'
import type { SeatDoc } from '../store/docs.ts'
import type { Gate } from './gate.ts'
import { answerId, boxOpposite, descriptionPrint, offerId, offerLetter } from './letters.ts'
import type { Call, Parts } from './parts.ts'

type AnswerInput = z.output<typeof answerInput>
type RestartInput = z.output<typeof restartInput>

const stale = ({ generation }: SeatDoc) => new RuleError('stale-generation', { limit: generation })

/** 4. Offers and answers of a connection that has its seat: each generation has one of each. */
export function createDescriptions({ services, boxes }: Parts, gate: Gate) {
  const { store, env, metrics } = services
  const { seats, clock } = store
  const times = { expiryMs: env.CONNECTION_EXPIRY_MS, reviveMs: env.CONNECTION_EXPIRY_MS }

  /** Whether this side has stored just that before; the first reply stands, whatever came later. */
  const storedBefore = async (id: string, print: string) => (await boxes.byId(id))?.print === print

  /** Answers the other side's newest offer. */
  const answer = async (call: Call, input: AnswerInput): Promise<void> => {
    const { side, seat } = await gate.connection(call, input.client)
    const { generation } = input
    const id = answerId(seat, generation)
    const print = descriptionPrint(side, input.answer)
    if (generation !== seat.generation) {
      if (await storedBefore(id, print)) return
      throw stale(seat)
    }
    const offer = seat.offered.side === side ? null : await boxes.byId(offerId(seat, generation))
    const now = clock.now()
    if (offer?.body === undefined || offer.expiresAt <= now) {
      if (await storedBefore(id, print)) return
      throw new RuleError('request-gone')
    }
    const signal = { kind: 'answer' as const, client: seat.name, generation, answer: input.answer }
    const letter = { id, box: boxOpposite(side, seat), seat: seat._id, gen: generation, print, signal }
    const appended = await boxes.append(letter)
    if (appended === 'taken') throw new RuleError('request-gone')
    const offeredAt = offer.expiresAt.getTime() - times.expiryMs
    if (appended === 'stored') metrics.offerToAnswer.observe({ kind: 'session' }, (now.getTime() - offeredAt) / 1_000)
  }

  /** Claims the next generation with a new offer: an ICE restart or a renegotiation. The seat's one conditional update decides. */
  const restart = async (call: Call, input: RestartInput): Promise<void> => {
    const { side, seat, session } = await gate.connection(call, input.client)
    const { generation, offer } = input
    const print = descriptionPrint(side, offer)
    if (generation === seat.generation + 1) await boxes.admit(side === 'host' ? seat._id : session._id)
    const claimed = generation === seat.generation + 1 ? await claim(seat, { generation, side, print }) : seat
    if (claimed === null) throw new RuleError('seat-gone')
    if (claimed.generation === generation && claimed.offered.side === side && claimed.offered.print === print) {
      // Only the first stores it; a first try that ended in between is completed.
      await boxes.append(offerLetter(seat, { side, offer, generation, restart: true }))
      return
    }
    if (!(await storedBefore(offerId(seat, generation), print))) throw stale(claimed)
  }

  const claim = async (seat: SeatDoc, next: { generation: number; side: 'host' | 'client'; print: string }) => {
    const { generation, side, print } = next
    const mine = (doc: SeatDoc) =>
      doc.generation === generation && doc.offered.side === side && doc.offered.print === print
    const won = await seats.change({
      id: seat._id,
      when: { live: true, epoch: seat.epoch, generation: generation - 1 },
      update: {
        $set: { generation, offered: { side, print } },
        // A connected seat's times are those of its session already.
        $max: holdTimes(clock.now(), times),
      },
      applied: mine,
    })
    return won ? { ...seat, generation, offered: { side, print } } : seats.byId(seat._id)
  }

  return { answer, restart }
}
