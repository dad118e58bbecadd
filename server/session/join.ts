import type { z } from 'zod'
import { holdTimes, isHeld, isRevivable } from '../../shared/hold.ts'
import { RuleError } from '../../shared/rules.ts'
import type { joinInput, joinOutput } from '../../shared/session/schema.ts'
import { chooseSeat } from '../../shared/session/seat.ts'
import { fingerprint, hashSecret, randomId } from '../secrets.ts'
import type { SeatDoc, SessionDoc } from '../store/docs.ts'
import type { Endings } from './endings.ts'
import { formatToken, type Gate } from './gate.ts'
import { descriptionPrint, offerLetter } from './letters.ts'
import { type Call, type Parts, RACE_MS } from './parts.ts'
import { opens } from './passwords.ts'
import type { Retake } from './retake.ts'

export type JoinInput = z.output<typeof joinInput>
export type JoinOutput = z.output<typeof joinOutput>

interface Mine {
  _id: string
  secret: string
  print: string
}

export interface Tab {
  secret: string
  epoch: number
  generation: number
}

export const joinPrint = ({ name, clientName, offer }: JoinInput) => fingerprint('join', name, clientName, offer)

/** What a joined client hears. The client is the polite side of every glare: one of the two must be, and this one came second. */
export const joinReply = (seat: SeatDoc, session: SessionDoc, { secret, epoch, generation }: Tab): JoinOutput => ({
  secret: formatToken(seat._id, secret, epoch),
  generation,
  polite: true,
  hostName: session.hostName,
})

interface Deps {
  gate: Gate
  endings: Endings
  retake: Retake
}

/** 3. Bob joins: the unique indexes on the seat give each name and each slot to one client. */
export function createJoining({ services, reads, boxes }: Parts, { gate, endings, retake }: Deps) {
  const { store, env, derive, metrics } = services
  const { sessions, seats, clock } = store
  const times = { expiryMs: env.CONNECTION_EXPIRY_MS, reviveMs: env.CONNECTION_EXPIRY_MS }

  const join = async (call: Call, input: JoinInput): Promise<JoinOutput> => {
    const key = call.idempotencyKey
    const mine: Mine = {
      _id: key === undefined ? randomId() : derive('join', key),
      secret: key === undefined ? randomId() : derive('join-secret', key),
      print: joinPrint(input),
    }
    const first = key === undefined ? null : await seats.byId(mine._id)
    if (first !== null) return replay(first, mine, input)
    const token = await gate.brought(call.bearer)
    return (token && (await retake(call, input, token))) ?? enter(input, mine)
  }

  /** The first reply again. A first try that ended between seat and offer is completed. */
  const replay = async (seat: SeatDoc, mine: Mine, input: JoinInput): Promise<JoinOutput> => {
    if (seat.print !== mine.print) throw new RuleError('idempotency-mismatch')
    const session = await sessions.byId(seat.session)
    if (session === null) throw new RuleError('session-gone')
    if (isHeld(seat, clock.now()) && seat.generation === 1 && seat.connected !== true)
      await sendOffer(seat, input.offer)
    return joinReply(seat, session, { secret: mine.secret, epoch: 0, generation: 1 })
  }

  const sendOffer = (seat: SeatDoc, offer: string) =>
    boxes.append(offerLetter(seat, { side: 'client', offer, generation: 1, restart: false }))

  const enter = async (input: JoinInput, mine: Mine): Promise<JoinOutput> => {
    const session = await reads.sessionByName(input.name)
    if (!isHeld(session, clock.now())) throw new RuleError('session-gone')
    if (!(await opens(input.password, session.passwordHash))) throw new RuleError('wrong-password')
    await boxes.admit(session._id)
    const seat = await claim(session, input, mine)
    if (seat === null) {
      const first = await seats.byId(mine._id)
      if (first === null) throw new RuleError('seat-gone')
      return replay(first, mine, input)
    }
    // A `close` that has missed this seat has ended the session before: now it shows.
    const [, still] = await Promise.all([sendOffer(seat, input.offer), sessions.byId(session._id)])
    if (isRevivable(still, clock.now())) return joinReply(seat, session, { ...mine, epoch: 0, generation: 1 })
    await endings.removeSeat(seat)
    throw new RuleError('session-gone')
  }

  /** Takes the name and a slot. Null: a repeat of this request was faster. */
  const claim = async (session: SessionDoc, { clientName, offer }: JoinInput, mine: Mine): Promise<SeatDoc | null> => {
    for (const end = performance.now() + RACE_MS; performance.now() < end;) {
      const taken = await reads.seatsOf(session._id)
      if (taken.some(({ _id }) => _id === mine._id)) return null
      const now = clock.now()
      const { maxClients } = session
      const choice = chooseSeat(taken, { name: clientName, maxClients, now, pick: Math.random() })
      if ('refuse' in choice) throw new RuleError(choice.refuse)
      if ('evict' in choice) {
        await Promise.all(choice.evict.map(endings.evictSeat))
        continue
      }
      const seat: SeatDoc = {
        _id: mine._id,
        session: session._id,
        name: clientName,
        slot: choice.take,
        secretHash: hashSecret(mine.secret),
        epoch: 0,
        generation: 1,
        since: 1,
        offered: { side: 'client', print: descriptionPrint('client', offer) },
        print: mine.print,
        at: now,
        live: true,
        ...holdTimes(now, times),
      }
      const outcome = await seats.insert(seat)
      if (outcome.stored) return seat
      metrics.conflicts.inc({ index: `seats.${outcome.lost}` })
      if (outcome.lost === '_id_') return null
    }
    throw new RuleError('unknown-outcome')
  }

  return { join }
}
