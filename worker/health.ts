import { Elysia } from 'elysia'
import { AggregatorRegistry } from 'prom-client'
import { within } from '../server/drain.ts'
import type { WorkerMetrics } from './metrics.ts'
import type { Supervisor } from './supervisor.ts'

const PING_MS = 2_000
const COUNT_MS = 1_000

export interface HealthOptions {
  metrics: WorkerMetrics
  /** The database answers. */
  ping: () => Promise<void>
  /** When the last turns ended, well or badly, by `performance.now()`; a loop that is stuck is not alive. */
  lastSweep: () => number
  /** How old that may be, ms. */
  staleMs: number
  /** The processes that run conductors. */
  children?: Pick<Supervisor, 'health' | 'series'> | undefined
  /** Brings gauges up to date that count documents. */
  count?: (() => Promise<void>) | undefined
}

/** The worker's own `/health` (503 when its loop or one of its children is stuck), `/ready` and `/metrics`, its children's in them. */
export function healthRoutes({ metrics, ping, lastSweep, staleMs, children, count }: HealthOptions) {
  const health = () => {
    const ageMs = Math.round(performance.now() - lastSweep())
    const processes = children?.health() ?? []
    const ok = ageMs <= staleMs && processes.every((child) => child.ok)
    return Response.json({ ok, lastSweepMsAgo: ageMs, children: processes }, { status: ok ? 200 : 503 })
  }
  const series = async () => {
    const { registry } = metrics
    if (count !== undefined) await within(COUNT_MS, count())
    const all = [await registry.getMetricsAsJSON(), ...((await children?.series()) ?? [])]
    return new Response(await AggregatorRegistry.aggregate(all).metrics(), {
      headers: { 'content-type': registry.contentType },
    })
  }
  return new Elysia()
    .get('/health', health)
    .get('/ready', async () => {
      const ready = await within(PING_MS, ping())
      return Response.json({ ready }, { status: ready ? 200 : 503 })
    })
    .get('/metrics', series)
}
