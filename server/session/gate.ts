import { holdTimes, isHeld, isRevivable } from '../../shared/hold.ts'
import { type Rule, RuleError } from '../../shared/rules.ts'
import { needsRenewal } from '../../shared/session/renewal.ts'
import { tokenPattern } from '../../shared/session/schema.ts'
import { matches } from '../secrets.ts'
import type { SeatDoc, SessionDoc } from '../store/docs.ts'
import type { Call, Parts } from './parts.ts'

/** Who calls, by its token. `gone`: the secret is right, but the session or the seat is over. */
export type Caller =
  | { side: 'host'; session: SessionDoc; box: string; gone: Rule | null }
  | { side: 'client'; session: SessionDoc | null; seat: SeatDoc; box: string; gone: Rule | null }

/** One side of one connection, proven and alive. */
export interface Connection {
  side: Caller['side']
  session: SessionDoc
  seat: SeatDoc
}

export const formatToken = (id: string, secret: string, epoch: number) => `${id}.${secret}.${epoch}`

const issue = (message: string) => new RuleError('bad-request', { issues: { client: [message] } })

/** Tells callers by their tokens, and renews the session of a host that shows itself. */
export function createGate({ services, reads, sessionHolds }: Parts) {
  const { store, env } = services
  const { sessions, seats, clock } = store
  const times = { expiryMs: env.SESSION_EXPIRY_MS, reviveMs: env.SESSION_REVIVE_MS }

  /** The document that a token's secret opens, of whatever epoch; null: there is none (any more). Error: wrong-secret. */
  const prove = async (bearer: string | null) => {
    const [, id, secret, epochs] = tokenPattern.exec(bearer ?? '') ?? []
    if (id === undefined || secret === undefined) throw new RuleError('wrong-secret')
    const [session, seat] = await Promise.all([sessions.byId(id), seats.byId(id)])
    const doc = session ?? seat
    const epoch = Number(epochs)
    if (doc !== null && (!matches(secret, doc.secretHash) || epoch > doc.epoch)) throw new RuleError('wrong-secret')
    return { session, seat, secret, superseded: doc !== null && epoch < doc.epoch }
  }

  /** The same for a call that needs no token: null without one, or with another kind (the integrator's JWT). */
  const brought = async (bearer: string | null) => (tokenPattern.test(bearer ?? '') ? prove(bearer) : null)

  /** The caller, perhaps of something that is over. Errors: wrong-secret, superseded, session-gone. */
  const whoIs = async (bearer: string | null): Promise<Caller> => {
    const { session, seat, superseded } = await prove(bearer)
    if (superseded) throw new RuleError('superseded')
    const now = clock.now()
    if (session !== null)
      return { side: 'host', session, box: session._id, gone: isRevivable(session, now) ? null : 'session-gone' }
    if (seat === null) throw new RuleError('session-gone')
    const its = await sessions.byId(seat.session)
    return { side: 'client', session: its, seat, box: seat._id, gone: over(its, seat, now) }
  }

  /** Why a client will read nothing more. A released session whose seat still lives is being closed: its last word is on the way. */
  const over = (session: SessionDoc | null, seat: SeatDoc, now: Date): Rule | null => {
    if (isRevivable(session, now)) return isHeld(seat, now) ? null : 'seat-gone'
    return session !== null && session.live !== true && isHeld(seat, now) ? null : 'session-gone'
  }

  /** The session lives on because its host is there now, and for `waitMs` more. Error: session-gone. */
  const renew = async (session: SessionDoc, waitMs: number) => {
    const now = clock.now()
    if (!needsRenewal(session, { now, expiryMs: times.expiryMs, waitMs })) return
    if (!(await sessionHolds.renew(session._id, now, holdTimes(now, times)))) throw new RuleError('session-gone')
  }

  /** The caller as a reader: a host must be alive, a client may still read its last signals. Errors: as `whoIs`. */
  const reader = async (call: Call, waitMs = 0): Promise<Caller> => {
    const caller = await whoIs(call.bearer)
    if (caller.side === 'client') return caller
    if (caller.gone !== null) throw new RuleError(caller.gone)
    await renew(caller.session, waitMs)
    return caller
  }

  /** The host of a live session. Errors: wrong-secret, superseded, session-gone. */
  const host = async (call: Call): Promise<SessionDoc> => {
    const caller = await reader(call)
    if (caller.side !== 'host') throw new RuleError('wrong-secret')
    return caller.session
  }

  /** A client's live seat, named by the host. Error: seat-gone. */
  const seatOf = async (session: SessionDoc, name: string, alive: typeof isHeld = isHeld): Promise<SeatDoc> => {
    const seat = await reads.seatByName({ session: session._id, name })
    if (!alive(seat, clock.now())) throw new RuleError('seat-gone')
    return seat
  }

  /**
   * One side of a connection: a client's own, or that of the client whom the host names. `alive`: which seats count.
   * Errors: wrong-secret, superseded, session-gone, seat-gone, bad-request.
   */
  const connection = async (call: Call, client?: string, alive: typeof isHeld = isHeld): Promise<Connection> => {
    const caller = await reader(call)
    const { side, session } = caller
    if (!isRevivable(session, clock.now())) throw new RuleError('session-gone')
    if (side === 'host') {
      if (client === undefined) throw issue('the host names the client')
      return { side, session, seat: await seatOf(session, client, alive) }
    }
    const { seat } = caller
    if (client !== undefined && client !== seat.name) throw issue('is not the name of this client')
    if (!alive(seat, clock.now())) throw new RuleError('seat-gone')
    return { side, session, seat }
  }

  return { prove, brought, whoIs, reader, host, seatOf, connection }
}
export type Gate = ReturnType<typeof createGate>
