import { LIMITS } from '../../shared/limits.ts'
import { RuleError } from '../../shared/rules.ts'
import { appRouter } from '../../server/app.ts'
import type { Foyer } from '../../server/foyer.ts'
import { createCallerFactory } from '../../server/trpc.ts'
import { openFoyer } from './server.ts'

const callerOf = createCallerFactory(appRouter)

/** How a call is made: `key` is its Idempotency-Key, `signal` its caller's patience. */
export interface As {
  key?: string
  signal?: AbortSignal
}

/** The session procedures as somebody calls them: `bearer` is the host's or client's secret. */
export const callAs = (foyer: Foyer, bearer: string | null, { key, signal }: As = {}) =>
  callerOf({ foyer, bearer, idempotencyKey: key, address: null }, signal === undefined ? {} : { signal }).session

/** One process's sessions over the database at `url`, called as the router is, without the wire. */
export async function openSessions({ url, env }: { url: string; env?: Record<string, string> }) {
  const { foyer, shutdown, close } = await openFoyer(env === undefined ? { url } : { url, env })
  const as = (bearer: string | null, how?: As) => callAs(foyer, bearer, how)

  /** A private session of this name. */
  const host = (name: string, more: { maxClients?: number } = {}) => as(null).host({ name, hostName: 'Alice', ...more })
  const join = (name: string, clientName: string, offer = `offer of ${clientName}`) =>
    as(null).join({ name, clientName, offer })

  /** A session with one client; `answered`: the host answered it; `connected`: and both said so. */
  const pair = async (name: string, state: 'joined' | 'answered' | 'connected' = 'joined') => {
    const hosted = await host(name)
    const joined = await join(name, 'Bob')
    const alice = as(hosted.secret)
    const bob = as(joined.secret)
    if (state !== 'joined') await alice.answer({ client: 'Bob', generation: 1, answer: 'answer' })
    if (state === 'connected') {
      await alice.connected({ client: 'Bob', generation: 1 })
      await bob.connected({ generation: 1 })
    }
    return { name, alice, bob, aliceSecret: hosted.secret, bobSecret: joined.secret }
  }
  return { foyer, shutdown, as, host, join, pair, [Symbol.asyncDispose]: close }
}
export type SessionKit = Awaited<ReturnType<typeof openSessions>>

/** The rule that a call fails with; `ok` when it does not. Any other error is thrown on. */
export const ruleOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
    return 'ok'
  } catch (error) {
    const cause = error instanceof Error && !(error instanceof RuleError) ? error.cause : error
    if (cause instanceof RuleError) return cause.rule
    throw error
  }
}

/** Counts equal values: `{ ok: 1, 'name-taken': 99 }`. */
export const tally = (values: readonly string[]) => {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

/**
 * Fills a box up to its limit with signals that nobody has read. A process that knows the box finds them at its next
 * append; one that does not, before it.
 */
export async function flood({ store }: Foyer, box: string) {
  const { signals, clock } = store
  const first = await signals.collection.findOne({ box }, { sort: { n: -1 } })
  const soon = new Date(clock.now().getTime() + 60_000)
  const { n = 0, inc = 'i'.repeat(22) } = first ?? {}
  const common = { box, inc, seat: 'nobody', gen: 1, kind: 'candidates' as const, body: '{}', print: '' }
  const more = Array.from({ length: LIMITS.signalsPerBox }, (_, i) => i + n + 1)
  await signals.collection.insertMany(
    more.map((each) => ({ ...common, _id: `${box} ${each}`, n: each, expiresAt: soon, purgeAt: soon })),
  )
}

/** An Idempotency-Key that nobody used. */
export const newKey = () => crypto.randomUUID()

/** Another secret of the same document: right shape, wrong content. */
export const forged = (token: string) => token.replace(/\.[\w-]{22}\./, `.${'x'.repeat(22)}.`)

/** The id of the document that a token opens. */
export const idOf = (token: string) => token.slice(0, 22)

export const candidate = (text: string) => ({ candidate: text, sdpMid: '0', sdpMLineIndex: 0 })
