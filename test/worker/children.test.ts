import { afterAll, afterEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../server/dev/mongo-data.ts'
import { createLog } from '../../server/log.ts'
import { startBy } from '../../worker/child.ts'
import { createWorkerMetrics } from '../../worker/metrics.ts'
import { supervise, type SupervisorOptions } from '../../worker/supervisor.ts'
import { until } from '../kit/until.ts'

const dir = await mkdtemp(join(tmpdir(), 'foyer-children-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

const BEAT = `const beat = () => process.send({ type: 'beat', healthy: true, size: 3 }); beat()`
const BEATS = `${BEAT}; setInterval(beat, 50)`
const ENDS_WHEN_TOLD = `process.on('message', ({ type }) => type === 'stop' && process.exit(0))`
const WAITS = { first: 20, longest: 60, steady: 60_000, begin: 10_000, stuck: 1_000, stop: 300, lastWords: 50 }

const left = new Set<() => Promise<void>>()
afterEach(async () => {
  await Promise.all([...left].map((stop) => stop()))
  left.clear()
})

let scripts = 0
/** Children that run this code, and what the supervisor says of them. */
const children = async (code: string, options: Partial<SupervisorOptions> = {}) => {
  const script = join(dir, `child-${++scripts}.ts`)
  await writeFile(script, code)
  const said: Record<string, unknown>[] = []
  const log = createLog('test', 'info', { write: (line) => void said.push(JSON.parse(line)) })
  const metrics = createWorkerMetrics()
  const released: string[] = []
  const supervisor = supervise({
    size: 1,
    start: startBy([process.execPath, script]),
    release: async (worker) => void released.push(worker),
    log,
    metrics,
    waits: WAITS,
    ...options,
  })
  supervisor.begin()
  left.add(supervisor.stop)
  const first = () =>
    until(() => supervisor.health().find(({ ok, pid, conductors }) => ok && pid !== null && conductors === 3), {
      what: 'a child that beats',
      deadlineMs: 10_000,
    })
  return { ...supervisor, said, released, metrics, first }
}

describe('a child that crashes', () => {
  test('starts again after a pause that doubles up to its limit, and is not well meanwhile', async () => {
    const { said, health, stop, released } = await children('process.exit(3)')
    await until(() => said.length >= 4, { what: 'four crashes', deadlineMs: 10_000 })
    expect(health()).toMatchObject([{ ok: false }])
    await stop()
    expect(said.slice(0, 4).map(({ startsInMs }) => startsInMs)).toEqual([20, 40, 60, 60])
    expect(said[0]).toMatchObject({ how: 'exit code 3', msg: 'a conductor process ended' })
    // What each of them held was freed, under an id of its own.
    expect(new Set(said.map(({ worker }) => worker)).size).toBe(said.length)
    expect(new Set(released).size).toBeGreaterThanOrEqual(4)
  })

  test('after it ran for long begins with the first pause again', async () => {
    const { said, stop } = await children('process.exit(3)', { waits: { ...WAITS, steady: 0 } })
    await until(() => said.length >= 3, { what: 'three crashes', deadlineMs: 10_000 })
    await stop()
    expect(said.slice(0, 3).map(({ startsInMs }) => startsInMs)).toEqual([20, 20, 20])
  })

  test('is freed of what it held as soon as the database lets it', async () => {
    let attempts = 0
    const release = async () => {
      if (++attempts < 3) throw new Error('no primary')
    }
    const { stop, first } = await children(`${BEATS}; ${ENDS_WHEN_TOLD}`, { release })
    const { pid } = await first()
    process.kill(pid ?? 0, 'SIGKILL')
    await until(() => attempts === 3, { what: 'the third attempt' })
    await stop()
  })
})

test('what a dead child held is freed once more a moment later: a claim may have been under way', async () => {
  const { stop, first, released } = await children(`${BEATS}; ${ENDS_WHEN_TOLD}`, {
    waits: { ...WAITS, first: 60_000, longest: 60_000 },
  })
  const { pid } = await first()
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => released.length === 2, { what: 'freed twice' })
  expect(new Set(released).size).toBe(1)
  await stop()
  expect(released).toHaveLength(2)
})

describe('a child whose loop stands still', () => {
  test('is killed, counted and replaced', async () => {
    const { metrics, released, said, stop, first } = await children(`${BEAT}; await 0; for (;;) {}`)
    await first()
    await until(() => released.length > 0, { what: 'the end of the child', deadlineMs: 10_000 })
    expect(said.map(({ msg }) => msg)).toContain('a conductor process is stuck and is killed')
    expect(await metrics.registry.metrics()).toContain('foyer_children_stuck_total 1')
    expect(await metrics.registry.metrics()).toContain('foyer_child_exits_total{how="SIGKILL"} 1')
    await first()
    await stop()
  })

  test('is not blamed for the time in which its supervisor stood still', async () => {
    const { metrics, said, stop, first } = await children(`${BEATS}; ${ENDS_WHEN_TOLD}`)
    const { pid } = await first()
    // As when the whole machine is suspended: nobody could beat.
    process.kill(pid ?? 0, 'SIGSTOP')
    Bun.sleepSync(2_500)
    process.kill(pid ?? 0, 'SIGCONT')
    const again = performance.now() + 1_200
    await until(() => performance.now() > again, { what: 'another look' })
    expect(await first()).toMatchObject({ pid })
    expect(await metrics.registry.metrics()).toContain('foyer_children_stuck_total 0')
    await stop()
    expect(said).toEqual([])
  })
})

describe('the end of a supervisor', () => {
  test('waits for its children to hand over', async () => {
    const slowly = `process.on('message', ({ type }) => type === 'stop' && setTimeout(() => process.exit(0), 100))`
    const { stop, first, said, released } = await children(`${BEATS}; ${slowly}`)
    const { pid } = await first()
    await stop()
    expect(isAlive(pid ?? 0)).toBe(false)
    expect(said).toEqual([])
    expect(released).toHaveLength(1)
  })

  test('kills who does not, and frees what it held', async () => {
    const { stop, first, released } = await children(BEATS)
    const { pid } = await first()
    await stop()
    expect(isAlive(pid ?? 0)).toBe(false)
    expect(released).toHaveLength(1)
  })
})
