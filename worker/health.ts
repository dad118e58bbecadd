import { Elysia } from 'elysia'
import { within } from '../server/drain.ts'
import type { WorkerMetrics } from './metrics.ts'

const PING_MS = 2_000

export interface HealthOptions {
  metrics: WorkerMetrics
  /** The database answers. */
  ping: () => Promise<void>
  /** When the last sweep ended, well or badly, by `performance.now()`; a loop that is stuck is not alive. */
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
    .get('/ready', async () => {
      const ready = await within(PING_MS, ping())
      return Response.json({ ready }, { status: ready ? 200 : 503 })
    })
    .get('/metrics', async () => {
      const { registry } = metrics
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
    })
