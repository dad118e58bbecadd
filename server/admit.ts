import { type Rule, RuleError } from '../shared/rules.ts'
import type { Context } from './context.ts'
import { faultOf } from './errors.ts'

/** Guesses at a secret; too many of them from one address close it for a while. */
const GUESSES: ReadonlySet<Rule> = new Set(['wrong-key', 'wrong-secret', 'wrong-password', 'unauthorized'])

/** Not to be guessed from outside, so that nobody can choose whose bucket to empty; ten times as fast as a hash for storing. */
const SEED = crypto.getRandomValues(new BigUint64Array(1))[0]
const bucketOf = (secret: string) => Bun.hash.xxHash3(secret, SEED).toString(36)

/** Takes a call in, or throws `rate-limited` with the time to wait: by client address, by its wrong guesses, by secret. */
export function admit({ foyer, address, bearer }: Context): void {
  const { limits, metrics } = foyer
  const refuse = (by: string, retryAfterMs: number) => {
    metrics.throttled.inc({ by })
    throw new RuleError('rate-limited', { retryAfterMs })
  }
  if (address !== null) {
    const wait = limits.address.take(address)
    if (wait > 0) refuse('address', wait)
    const penalty = limits.guesses.check(address)
    if (penalty > 0) refuse('guesses', penalty)
  }
  if (bearer !== null) {
    const wait = limits.secret.take(bucketOf(bearer))
    if (wait > 0) refuse('secret', wait)
  }
}

/** Takes what a user does, or what is done to a room, by its own limit; or throws `rate-limited`. */
export function admitBy(kind: 'user' | 'room', key: string, { limits, metrics, env }: Admission): void {
  const retryAfterMs = limits[kind].take(key)
  if (retryAfterMs === 0) return
  metrics.throttled.inc({ by: kind })
  const limit = kind === 'user' ? env.RATE_PER_USER : env.RATE_PER_ROOM
  throw new RuleError('rate-limited', { retryAfterMs, what: kind, limit })
}
type Admission = Pick<Context['foyer'], 'limits' | 'metrics' | 'env'>

/** Counts a finished call, charges a wrong guess, and logs what is our own fault, once and with its cause. */
export function recordOutcome(
  { foyer, address, bearer }: Context,
  { procedure, began, error }: { procedure: string; began: number; error: unknown },
): void {
  const { limits, metrics, log } = foyer
  const fault = error === null ? null : faultOf(error)
  const hungUp = fault?.rule === 'internal' && !fault.ours
  metrics.requests.inc({ procedure, outcome: hungUp ? 'hung-up' : (fault?.rule ?? 'ok') })
  metrics.durationOf(procedure).observe((performance.now() - began) / 1_000)
  if (fault === null) return
  const guessed = GUESSES.has(fault.rule) && (bearer !== null || fault.rule === 'wrong-password')
  if (address !== null && guessed) limits.guesses.take(address)
  if (fault.ours) log.error({ err: error, procedure }, 'request failed')
}
