import { Elysia } from 'elysia'
import { within } from './drain.ts'
import type { Foyer } from './foyer.ts'
import { problem } from './errors.ts'

const PING_MS = 2_000

/** Not a number while the database is silent: that is when the other series are wanted most. */
async function countOrNaN(counting: Promise<number>): Promise<number> {
  return (await within(PING_MS, counting)) ? counting : Number.NaN
}

/** For operators: `/health` (the process answers), `/ready` (it can serve: database there, not draining), `/metrics`. */
export const opsRoutes = ({ store, metrics, shutdown }: Pick<Foyer, 'store' | 'metrics' | 'shutdown'>) =>
  new Elysia({ name: 'ops' })
    .get('/health', () => Response.json({ ok: true }))
    .get('/ready', async () => {
      if (shutdown.aborted) return problem({ rule: 'shutting-down', details: {} })
      return (await within(PING_MS, store.ping()))
        ? Response.json({ ready: true })
        : problem({ rule: 'unknown-outcome', details: {} })
    })
    .get('/metrics', async () => {
      const [mailboxes, sessions] = await Promise.all([
        countOrNaN(store.count('offers')),
        countOrNaN(store.count('sessions')),
      ])
      metrics.mailboxes.set(mailboxes)
      metrics.sessions.set(sessions)
      const { registry } = metrics
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
    })
