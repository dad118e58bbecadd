import { Elysia } from 'elysia'
import { within } from '../server/drain.ts'
import { type Env, parseEnv } from '../server/env.ts'
import { announce, createLog } from '../server/log.ts'
import { SERVE } from '../server/serve.ts'
import { onSignals } from '../server/signals.ts'
import { connectStore } from '../server/store/connect.ts'
import { healthRoutes } from './health.ts'
import { loop } from './loop.ts'
import { createWorkerMetrics } from './metrics.ts'
import { createRoomSweep } from './rooms.ts'
import { sweep } from './sweep.ts'

async function main(env: Env) {
  const log = createLog('worker', env.LOG_LEVEL)
  const stopping = new AbortController()
  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  const store = await connectStore({ url: env.MONGODB_URL, appName: 'foyer-worker', onError })
  const metrics = createWorkerMetrics()
  const rooms = createRoomSweep({ store, env, log, metrics })
  let lastSweep = performance.now()
  const running = loop({
    everyMs: env.SWEEP_MS,
    signal: stopping.signal,
    onError: (error) => {
      metrics.failures.inc()
      log.error({ err: error }, 'sweep failed')
    },
    turn: async () => {
      try {
        await sweep(store, metrics)
      } finally {
        await rooms.sweep()
      }
    },
    onTurnEnd: () => {
      lastSweep = performance.now()
    },
  })
  const staleMs = 3 * env.SWEEP_MS + 10_000
  const health = healthRoutes({ metrics, ping: store.ping, lastSweep: () => lastSweep, staleMs })
  const app = new Elysia({ serve: SERVE }).use(health).listen({ port: env.WORKER_PORT, hostname: env.HOST })

  const stop = async (reason: string) => {
    log.info({ reason }, 'stopping')
    stopping.abort()
    await within(env.DRAIN_MS, running)
    await within(500, app.stop(true))
    await rooms.close()
    await store.close()
    log.info('stopped')
    process.exit(0)
  }
  onSignals(process, stop)
  announce(log, { url: `http://localhost:${app.server?.port ?? env.WORKER_PORT}` })
}

try {
  await main(parseEnv(process.env))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
