import { expect, test } from 'bun:test'
import { healthRoutes } from '../../worker/health.ts'
import { createWorkerMetrics } from '../../worker/metrics.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnWorker } from '../kit/processes.ts'
import { FAST } from '../kit/quiz-fleet.ts'
import { until } from '../kit/until.ts'
import { openQuizKit } from './quiz-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openQuizKit(database)

const child = { ok: true, pid: 1, conductors: 0, crashes: 0 }
/** The routes of a worker with these children, asked without a port. */
const routesWith = (children: Parameters<typeof healthRoutes>[0]['children']) => {
  const lastSweep = () => performance.now()
  const metrics = createWorkerMetrics()
  const routes = healthRoutes({ metrics, ping: async () => {}, lastSweep, staleMs: 1_000, children })
  const ask = async (path: string) => {
    const response = await routes.handle(new Request(`http://localhost${path}`))
    return { status: response.status, text: await response.text() }
  }
  return { ask, metrics }
}

test('the worker`s /health is 503 while one of its children is not well', async () => {
  const series = () => Promise.resolve([])
  const well = routesWith({ health: () => [child, child], series })
  const ill = routesWith({ health: () => [child, { ...child, ok: false, crashes: 3 }], series })
  expect((await well.ask('/health')).status).toBe(200)
  const { status, text } = await ill.ask('/health')
  expect(status).toBe(503)
  expect(JSON.parse(text)).toMatchObject({ ok: false, children: [{ ok: true }, { ok: false, crashes: 3 }] })
})

test('the worker`s /metrics holds the series of its children beside its own, each by its process', async () => {
  const conflicts = (process: number, value: number) => ({
    name: 'foyer_conflicts_total',
    help: 'Writes',
    type: 'counter',
    aggregator: 'sum',
    values: [{ value, labels: { index: 'slot', process } }],
  })
  const { ask, metrics } = routesWith({
    health: () => [child, child],
    series: () => Promise.resolve([[conflicts(1, 2)], [conflicts(2, 5)]]),
  })
  metrics.conflicts.inc({ index: 'slot' })
  const { text } = await ask('/metrics')
  expect(text.match(/^foyer_conflicts_total.*$/gm)).toEqual([
    'foyer_conflicts_total{index="slot"} 1',
    'foyer_conflicts_total{index="slot",process="1"} 2',
    'foyer_conflicts_total{index="slot",process="2"} 5',
  ])
  expect(text.match(/^# TYPE foyer_conflicts_total/gm)).toHaveLength(1)
})

test('a worker process shows its conductors, their epochs and how soon they were taken over, and its sweeps', async () => {
  await using worker = await spawnWorker({ url: database.url, env: { ...FAST, SWEEP_MS: '100', WORKER_CHILDREN: '2' } })
  const text = async () => (await fetch(`${worker.url}/metrics`)).text()
  const sum = async (series: RegExp) =>
    [...(await text()).matchAll(series)].reduce((total, [, value]) => total + Number(value), 0)
  const rooms = [await kit.hosted(), await kit.hosted(), await kit.solo()]
  for (const room of rooms) await kit.conducted(room)
  await until(async () => (await sum(/^foyer_conductors\{process="\d"\} (\d+)$/gm)) === 3, { what: 'three conductors' })
  expect(await sum(/^foyer_epochs_total\{process="\d"\} (\d+)$/gm)).toBe(3)
  expect(await sum(/^foyer_takeover_seconds_count\{process="\d"\} (\d+)$/gm)).toBe(3)
  const seen = await text()
  for (const name of ['self_fences_total', 'stale_commits_total', 'lease_claims_total', 'loop_lag_seconds'])
    expect(seen).toMatch(new RegExp(`^# TYPE foyer_${name} `, 'm'))
  expect(seen).toContain('foyer_leases{status="held"} 3')
  expect(seen).toContain('foyer_leases{status="failed"} 0')
  expect(seen).toMatch(/^foyer_sweep_duration_seconds_count [1-9]/m)
  expect(seen).toContain('foyer_sweep_failures_total 0')
  expect(await worker.stop()).toBe('exit code 0')
})
