import { Elysia } from 'elysia'
import { within } from '../server/drain.ts'
import type { Env } from '../server/env.ts'
import { announce, createLog } from '../server/log.ts'
import { SERVE } from '../server/serve.ts'
import { connectStore, type Store } from '../server/store/connect.ts'
import type { StartChild } from './child.ts'
import { healthRoutes } from './health.ts'
import { leaseTimesOf } from './lease-times.ts'
import { createWorkerMetrics, type WorkerMetrics } from './metrics.ts'
import { releaser } from './release.ts'
import { supervise } from './supervisor.ts'
import { startSweeps } from './sweeps.ts'

/** How long what is left may take at the end, ms. */
const CLOSE_MS = 2_000

/** The process, as a worker sees it. */
export interface Host {
  /** Starts a child of the supervisor that has this id. */
  startOf: (supervisor: string) => StartChild
  /** Told once, by a signal. */
  onStop: (stop: (reason: string) => Promise<void>) => void
  exit: (code: number) => void
}

/** A worker: sweeps, runs the processes of the quizconductors, tells of both, until it is stopped. */
export async function runWorker(env: Env, { startOf, onStop, exit }: Host): Promise<void> {
  const log = createLog('worker', env.LOG_LEVEL)
  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  const leaseTimes = leaseTimesOf(env)
  const store = await connectStore({ url: env.MONGODB_URL, appName: 'foyer-worker', onError, leaseTimes })
  const metrics = createWorkerMetrics()
  const sweeps = startSweeps({ store, env, log, metrics })

  const release = releaser({ store, reap: sweeps.reap })
  const start = startOf(store.origin)
  const children = supervise({ size: env.WORKER_CHILDREN, start, release, log, metrics })
  const health = healthRoutes({
    metrics,
    ping: store.ping,
    lastSweep: sweeps.lastTurn,
    staleMs: 3 * env.SWEEP_MS + 10_000,
    children,
    count: () => countLeases(store, metrics),
  })
  const app = new Elysia({ serve: SERVE }).use(health).listen({ port: env.WORKER_PORT, hostname: env.HOST })
  // Only now: a worker whose port is taken leaves no children behind.
  children.begin()

  onStop(async (reason) => {
    log.info({ reason }, 'stopping')
    await Promise.all([children.stop(), within(env.DRAIN_MS, sweeps.stop())])
    await within(500, app.stop(true))
    await within(CLOSE_MS, sweeps.close())
    await within(CLOSE_MS, store.close())
    log.info('stopped')
    exit(0)
  })
  announce(log, { url: `http://localhost:${app.server?.port ?? env.WORKER_PORT}` })
}

async function countLeases({ leases }: Store, metrics: WorkerMetrics): Promise<void> {
  for (const [status, count] of Object.entries(await leases.counts())) metrics.leases.set({ status }, count)
}
