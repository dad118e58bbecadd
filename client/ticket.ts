import { type CallScope, send } from './calls.ts'
import type { FoyerClient } from './connect.ts'
import type { FoyerRule } from './errors.ts'
import { FAREWELL_MS, keptSecret, onPageHide, type SecretStore } from './session.ts'

/** A superseded tab leaves the store to the new tab; when the server is away, the seat may still be there afterwards. */
const KEPT: ReadonlySet<FoyerRule> = new Set(['superseded', 'offline'])

export interface TicketOptions {
  client: FoyerClient
  store: SecretStore | undefined
  /** The session's name. */
  name: string
  clientName: string
}

/** A seat's secret: kept over a reload where there is a store, changed by each join, and what gives the seat up. */
export function seatTicket({ client, store, name, clientName }: TicketOptions) {
  const kept = keptSecret(store, `foyer:join:${name}:${clientName}`)
  let secret = kept.read()
  const leave = (call: Parameters<Parameters<typeof send>[1]>[0]) => client.session.leave.mutate(undefined, call)

  const farewell = () => {
    const context = { authorization: secret, keepalive: true }
    client.session.leave.mutate(undefined, { context }).catch(() => {})
  }
  // Without a store nobody could take the seat again.
  const forgetPage = store === undefined ? onPageHide(farewell) : () => {}

  return {
    secret: () => secret,
    /** The secret after a join; undefined: the kept one is of no use. */
    keep: (next: string | undefined) => {
      secret = next
      if (next === undefined) kept.clear()
      else kept.write(next)
    },
    /** It is over, for this reason or by our own will. */
    over: (rule?: FoyerRule) => {
      forgetPage()
      if (rule === undefined || !KEPT.has(rule)) kept.clear()
    },
    /** Gives the seat up, if the server can be told; not within a life that may have ended. */
    giveUp: async (given = secret) => {
      if (given === undefined) return
      const last: CallScope = { client, secret: () => given, signal: AbortSignal.timeout(FAREWELL_MS) }
      await send(last, leave).catch(() => {})
    },
  }
}
