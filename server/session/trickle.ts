import type { z } from 'zod'
import { isRevivable } from '../../shared/hold.ts'
import { RuleError } from '../../shared/rules.ts'
import type { connectedInput, sendCandidatesInput } from '../../shared/session/schema.ts'
import { WITH_SESSION } from '../../shared/session/seat.ts'
import { fingerprint, randomId } from '../secrets.ts'
import type { SeatDoc } from '../store/docs.ts'
import type { Gate } from './gate.ts'
import { answerId, boxOpposite, connectedId } from './letters.ts'
import type { Call, Parts } from './parts.ts'

type SendInput = z.output<typeof sendCandidatesInput>
type ConnectedInput = z.output<typeof connectedInput>

const stale = ({ generation }: SeatDoc) => new RuleError('stale-generation', { limit: generation })

/** 5. ICE candidates in batches, until 6. the connection is made. */
export function createTrickle({ services, boxes }: Parts, gate: Gate) {
  const { store, derive } = services
  const { seats } = store

  /** Candidates of the present generation, before or after the answer. */
  const sendCandidates = async (call: Call, input: SendInput): Promise<void> => {
    const { side, seat } = await gate.connection(call, input.client)
    const { generation, candidates, end } = input
    if (candidates.length === 0 && !end) return
    const key = call.idempotencyKey
    const id = key === undefined ? randomId() : derive('candidates', seat._id, side, key)
    const print = fingerprint(side, String(generation), JSON.stringify(candidates), String(end))
    if (generation !== seat.generation) {
      if (key !== undefined && (await boxes.byId(id))?.print === print) return
      throw stale(seat)
    }
    const box = boxOpposite(side, seat)
    await boxes.admit(box)
    const signal = { kind: 'candidates' as const, client: seat.name, generation, candidates, end }
    const appended = await boxes.append({ id, box, seat: seat._id, gen: generation, print, signal })
    if (appended === 'taken') throw new RuleError('idempotency-mismatch')
  }

  /** Which of these generations of the client's present tab was answered; 0: none that is remembered. */
  const answered = async (seat: SeatDoc, generations: number[]): Promise<number> => {
    const own = generations.filter((generation) => generation >= seat.since && generation <= seat.generation)
    const answers = await Promise.all(own.map((generation) => boxes.byId(answerId(seat, generation))))
    return own.find((_, i) => answers[i] !== null) ?? 0
  }

  /** The connection is made: what led to it is dropped from both boxes, the seat lives on with its session. */
  const connected = async (call: Call, input: ConnectedInput): Promise<void> => {
    const { side, seat } = await gate.connection(call, input.client, isRevivable)
    const newest = [seat.generation, seat.generation - 1]
    const generation = await answered(seat, input.generation === undefined ? newest : [input.generation])
    if (generation === 0) {
      // A repeat may come when the answer is long gone, or when the client began anew; else nobody answered that one.
      const told = await boxes.byId(connectedId(seat, input.generation ?? seat.generation, side))
      if (seat.connected === true || told !== null) return
      throw stale(seat)
    }
    if (seat.connected !== true) await settle(seat)
    await boxes.blank({ seat: seat._id, upTo: generation })
    await boxes.append({
      id: connectedId(seat, generation, side),
      box: boxOpposite(side, seat),
      seat: seat._id,
      gen: generation,
      print: '',
      signal: { kind: 'connected', client: seat.name },
    })
  }

  /** Unless another tab took the seat just now: then this was about the old tab's connection. Errors: stale-generation, seat-gone. */
  const settle = async ({ _id, since }: SeatDoc) => {
    const done = await seats.change({
      id: _id,
      when: { live: true, since },
      update: { $set: { connected: true as const, ...WITH_SESSION } },
      applied: (doc) => doc.live === true && doc.connected === true && doc.since === since,
    })
    if (done) return
    const now = await seats.byId(_id)
    throw now?.live === true ? stale(now) : new RuleError('seat-gone')
  }

  return { sendCandidates, connected }
}
