import { Elysia } from 'elysia'
import { within } from '../server/drain.ts'
import type { Env } from '../server/env.ts'
import { announce, createLog, type Log } from '../server/log.ts'
import { SERVE } from '../server/serve.ts'
import { onSignals, type SignalSource } from '../server/signals.ts'
import { connectStore, type Store } from '../server/store/connect.ts'
import type { StartChild } from './child.ts'
import { healthRoutes } from './health.ts'
import { leaseTimesOf } from './lease-times.ts'
import { createWorkerMetrics, type WorkerMetrics } from './metrics.ts'
import { startSweeps } from './sweeps.ts'
import { supervise } from './supervisor.ts'

export interface RunOptions {
  env: Env
  /** Starts a child of the supervisor that has this id. */
  startOf: (supervisor: string) => StartChild
  signals: SignalSource
  exit: (code: number) => void
}

/** A worker: sweeps, runs the processes of the conductors, tells of both, until a signal. */
export async function runWorker({ env, startOf, signals, exit }: RunOptions): Promise<void> {
  const log = createLog('worker', env.LOG_LEVEL)
  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  const leaseTimes = leaseTimesOf(env)
  const store = await connectStore({ url: env.MONGODB_URL, appName: 'foyer-worker', onError, leaseTimes })
  const metrics = createWorkerMetrics()
  const sweeps = startSweeps({ store, env, log, metrics })

  /** What a child held that has ended is wanted again; the rooms that end with their conductor end. */
  const release = async (worker: string) => {
    const { evanescent } = await store.leases.releaseAll({ worker })
    await Promise.all(evanescent.map(sweeps.reap))
    await store.workers.leave(worker)
  }
  const app = new Elysia({ serve: SERVE })
  const children = supervise({ size: 0, start: startOf(store.origin), release, log, metrics })
  const { lastTurn } = sweeps
  const health = { metrics, ping: store.ping, lastSweep: lastTurn, staleMs: 3 * env.SWEEP_MS + 10_000 }
  app.use(healthRoutes({ ...health, children, count: () => countLeases(store, metrics) }))
  app.listen({ port: env.WORKER_PORT, hostname: env.HOST })

  onSignals(signals, async (reason) => {
    log.info({ reason }, 'stopping')
    await Promise.all([children.stop(), within(env.DRAIN_MS, sweeps.stop())])
    await within(500, app.stop(true))
    await sweeps.close()
    await store.close()
    log.info('stopped')
    exit(0)
  })
  announce(log, { url: `http://localhost:${app.server?.port ?? env.WORKER_PORT}` })
}
