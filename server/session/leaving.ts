import type { z } from 'zod'
import { isRevivable } from '../../shared/hold.ts'
import { RuleError } from '../../shared/rules.ts'
import type { declineInput, dropInput } from '../../shared/session/schema.ts'
import { fingerprint } from '../secrets.ts'
import type { SeatDoc, SessionDoc, SignalDoc } from '../store/docs.ts'
import type { Endings } from './endings.ts'
import type { Gate } from './gate.ts'
import type { Call, Parts } from './parts.ts'

type Refusal = z.output<typeof declineInput> | z.output<typeof dropInput>

/** How people go: the host declines or drops a client or closes the session, a client leaves. */
export function createLeaving(
  { services, boxes, sessionHolds }: Parts,
  { gate, endings }: { gate: Gate; endings: Endings },
) {
  const { store, derive } = services
  const { sessions, seats, clock } = store

  /** The host does not want this client: the seat is free again. Errors: request-gone for a connected one. */
  const decline = async (call: Call, input: Refusal): Promise<void> => {
    const session = await gate.host(call)
    if (await completed(call, { session, kind: 'declined', input })) return
    const seat = await gate.seatOf(session, input.client)
    if (seat.connected === true) throw new RuleError('request-gone')
    await refuse(call, { seat, kind: 'declined', input })
  }

  /** The host takes a client's seat away, connected or not. */
  const drop = async (call: Call, input: Refusal): Promise<void> => {
    const session = await gate.host(call)
    if (await completed(call, { session, kind: 'dropped', input })) return
    const seat = await gate.seatOf(session, input.client, isRevivable)
    await refuse(call, { seat, kind: 'dropped', input })
  }

  /** The last word in the client's box is the receipt: a repeat finds it, and frees the seat if that was still to do. */
  const completed = async (
    call: Call,
    which: { session: SessionDoc; kind: 'declined' | 'dropped'; input: Refusal },
  ) => {
    if (call.idempotencyKey === undefined) return false
    const { session, kind, input } = which
    const told: SignalDoc | null = await boxes.byId(derive(kind, session._id, call.idempotencyKey))
    if (told === null) return false
    if (told.print !== printOf(kind, input)) throw new RuleError('idempotency-mismatch')
    const seat = await seats.byId(told.seat)
    if (seat?.live === true) await endings.removeSeat(seat)
    return true
  }

  const printOf = (kind: string, { client, reason }: Refusal) => fingerprint(kind, client, reason ?? '')

  const refuse = (
    call: Call,
    { seat, kind, input }: { seat: SeatDoc; kind: 'declined' | 'dropped'; input: Refusal },
  ) => {
    const key = call.idempotencyKey
    return endings.endSeat(seat, {
      id: key === undefined ? `${seat._id}:${kind}` : derive(kind, seat.session, key),
      box: seat._id,
      print: printOf(kind, input),
      signal: { kind, client: seat.name, reason: input.reason ?? null },
    })
  }

  /** A client gives its seat up. A repeat succeeds. */
  const leave = async ({ bearer }: Call): Promise<void> => {
    const { session, seat, superseded } = await gate.prove(bearer)
    if (session !== null) throw new RuleError('wrong-secret')
    if (seat === null) throw new RuleError('seat-gone')
    if (superseded) throw new RuleError('superseded')
    if (seat.ended === 'left') return
    if (!isRevivable(await sessions.byId(seat.session), clock.now())) throw new RuleError('session-gone')
    if (!isRevivable(seat, clock.now())) throw new RuleError('seat-gone')
    const signal = { kind: 'left' as const, client: seat.name }
    await endings.endSeat(seat, { id: `${seat._id}:left`, box: seat.session, print: '', signal }, { ended: 'left' })
  }

  /** The host ends the session: its name is free at once. A repeat succeeds, and completes a first try that did not. */
  const close = async ({ bearer }: Call): Promise<void> => {
    const { session, seat, superseded } = await gate.prove(bearer)
    if (seat !== null) throw new RuleError('wrong-secret')
    if (session === null) throw new RuleError('session-gone')
    if (superseded) throw new RuleError('superseded')
    if (session.ended !== 'closed') {
      if (!isRevivable(session, clock.now())) throw new RuleError('session-gone')
      await sessionHolds.release(session._id, { ended: 'closed' })
    }
    await endings.endSeats(session)
  }

  return { decline, drop, leave, close }
}
