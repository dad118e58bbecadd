import { Elysia } from 'elysia'
import type { WorkerMetrics } from './metrics.ts'

export interface HealthOptions {
  metrics: WorkerMetrics
  /** The database answers. */
  ping: () => Promise<void>
  /** When the last sweep ended, by `performance.now()`; a loop that is stuck is not alive. */
  lastSweep: () => number
  /** How old that may be, ms. */
  staleMs: number
}

/** The worker's own `/health` (503 when its loop is stuck), `/ready` and `/metrics`. */
export const healthRoutes = ({ metrics, ping, lastSweep, staleMs }: HealthOptions) =>
  new Elysia()
    .get('/health', () => {
      const ageMs = Math.round(performance.now() - lastSweep())
      return Response.json({ ok: ageMs <= staleMs, lastSweepMsAgo: ageMs }, { status: ageMs <= staleMs ? 200 : 503 })
    })
    .get('/ready', () =>
      ping().then(
        () => Response.json({ ready: true }),
        () => Response.json({ ready: false }, { status: 503 }),
      ),
    )
    .get('/metrics', async () => {
      const { registry } = metrics
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
    })
