import { describe, expect, test } from 'bun:test'
import { healthRoutes } from '../../worker/health.ts'
import { loop } from '../../worker/loop.ts'
import { createWorkerMetrics } from '../../worker/metrics.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnWorker } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

const { url } = useDatabase(import.meta.path)

/** The routes, asked without a port. */
const routesWith = (options: Partial<Parameters<typeof healthRoutes>[0]>) => {
  const routes = healthRoutes({
    metrics: createWorkerMetrics(),
    ping: async () => {},
    lastSweep: () => performance.now(),
    staleMs: 1_000,
    ...options,
  })
  return async (path: string) => {
    const response = await routes.handle(new Request(`http://localhost${path}`))
    return { status: response.status, text: await response.text() }
  }
}

describe('the worker`s /health', () => {
  test('is 200 while its loop turns', async () => {
    expect(await routesWith({})('/health')).toMatchObject({ status: 200, text: expect.stringContaining('"ok":true') })
  })

  test('is 503 once the loop is stuck in a turn, and 200 again when it turns on', async () => {
    const stopping = new AbortController()
    const stuck = Promise.withResolvers<void>()
    let lastSweep = performance.now()
    const running = loop({
      everyMs: 1,
      signal: stopping.signal,
      onError: () => {},
      turn: () => stuck.promise,
      onTurnEnd: () => {
        lastSweep = performance.now()
      },
    })
    const ask = routesWith({ lastSweep: () => lastSweep, staleMs: 30 })
    await until(async () => (await ask('/health')).status === 503, { what: 'the stuck loop noticed' })
    stuck.resolve()
    await until(async () => (await ask('/health')).status === 200, { what: 'the loop turning' })
    stopping.abort()
    await running
  })
})

describe('the worker`s /ready', () => {
  test('is 503 when the database refuses', async () => {
    expect((await routesWith({ ping: () => Promise.reject(new Error('down')) })('/ready')).status).toBe(503)
    expect((await routesWith({})('/ready')).status).toBe(200)
  })
})

test('a worker process answers for itself, sweeps, shows its metrics, and ends cleanly', async () => {
  const worker = await spawnWorker({ url, env: { SWEEP_MS: '20', WORKER_CHILDREN: '0' } })
  expect((await fetch(`${worker.url}/health`)).status).toBe(200)
  expect((await fetch(`${worker.url}/ready`)).status).toBe(200)
  const sweeps = async () => {
    const text = await (await fetch(`${worker.url}/metrics`)).text()
    expect(text).toContain('foyer_sweep_failures_total 0')
    return Number(/^foyer_sweep_duration_seconds_count (\d+)$/m.exec(text)?.[1])
  }
  await until(async () => (await sweeps()) >= 2, { what: 'two sweeps' })
  expect(await worker.stop()).toBe('exit code 0')
})
