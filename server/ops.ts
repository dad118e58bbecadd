import { Elysia } from 'elysia'
import type { Foyer } from './foyer.ts'
import { problem } from './errors.ts'

const PING_MS = 2_000

/** For operators: `/health` (the process answers), `/ready` (it can serve: database there, not draining), `/metrics`. */
export const opsRoutes = ({ store, metrics, shutdown }: Pick<Foyer, 'store' | 'metrics' | 'shutdown'>) =>
  new Elysia({ name: 'ops' })
    .get('/health', () => Response.json({ ok: true }))
    .get('/ready', async () => {
      if (shutdown.aborted) return problem({ rule: 'shutting-down', details: {} })
      const inTime = await Promise.race([
        store.ping().then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PING_MS)),
      ])
      return inTime ? Response.json({ ready: true }) : problem({ rule: 'unknown-outcome', details: {} })
    })
    .get('/metrics', async () => {
      const [mailboxes, sessions] = await Promise.all([store.count('offers'), store.count('sessions')])
      metrics.mailboxes.set(mailboxes)
      metrics.sessions.set(sessions)
      const { registry } = metrics
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
    })
