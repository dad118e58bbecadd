import { describe, expect, test } from 'bun:test'
import { isAlive } from '../../server/dev/mongo-data.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type Spawned, spawnWorker } from '../kit/processes.ts'
import { FAST } from '../kit/quiz-fleet.ts'
import { until } from '../kit/until.ts'
import { openQuizKit } from './quiz-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openQuizKit(database)

const start = (children: number, env: Record<string, string> = {}) =>
  spawnWorker({ url: database.url, env: { ...FAST, SWEEP_MS: '500', WORKER_CHILDREN: `${children}`, ...env } })
const healthOf = async (worker: Spawned) => {
  const response = await fetch(`${worker.url}/health`)
  const { children }: { children: { ok: boolean; pid: number; conductors: number }[] } = await response.json()
  return { status: response.status, children }
}
const childrenOf = async (worker: Spawned, count: number) => {
  const ready = async () => {
    const pids = (await kit.workers()).map(({ pid }) => pid)
    const { children } = await healthOf(worker)
    const mine = children.map(({ pid }) => pid).filter((pid) => pids.includes(pid))
    return mine.length === count ? mine : null
  }
  return until(ready, { what: `${count} children`, deadlineMs: 20_000 })
}

describe('the children of a worker', () => {
  test('one that is killed is replaced, and its conductor goes on within 2 s', async () => {
    await using worker = await start(2)
    await childrenOf(worker, 2)
    const room = await kit.hosted()
    const first = await kit.conducted(room)
    const began = performance.now()
    process.kill(first.pid, 'SIGKILL')
    const second = await kit.conducted(room, 2)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(second._id).not.toBe(first._id)
    const replaced = async () => {
      const { status, children } = await healthOf(worker)
      return status === 200 && children.every(({ pid, ok }) => ok && pid !== first.pid)
    }
    await until(replaced, { what: 'a new child', deadlineMs: 10_000 })
    expect((await kit.workers()).filter(({ lost }) => lost).map(({ _id }) => _id)).toEqual([first._id])
    expect(await (await fetch(`${worker.url}/metrics`)).text()).toContain('foyer_child_exits_total{how="SIGKILL"} 1')
    expect(await worker.stop()).toBe('exit code 0')
  })

  test('the only one that is killed comes back and goes on, with nobody else to do it', async () => {
    await using worker = await start(1)
    const room = await kit.hosted()
    const first = await kit.conducted(room)
    process.kill(first.pid, 'SIGKILL')
    expect((await kit.conducted(room, 2))._id).not.toBe(first._id)
    expect(await worker.stop()).toBe('exit code 0')
  })

  test('with one that is killed an evanescent room ends at once, its occupants on their way back', async () => {
    await using worker = await start(2)
    await childrenOf(worker, 2)
    const room = await kit.solo()
    const first = await kit.conducted(room)
    const began = performance.now()
    process.kill(first.pid, 'SIGKILL')
    const ended = await until(async () => (await kit.state(room)).ended, { what: 'the end' })
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(ended).toMatchObject({ reason: 'conductor-lost', returnTo: { to: 'deck' } })
    await until(async () => (await kit.lease(room))?.status === 'ended', { what: 'the lease`s end' })
    expect(await worker.stop()).toBe('exit code 0')
  })

  test('hand over and end before their supervisor at SIGTERM; evanescent conductors move too', async () => {
    await using worker = await start(2)
    const pids = await childrenOf(worker, 2)
    const rooms = [await kit.hosted(), await kit.solo()]
    for (const room of rooms) expect(pids).toContain((await kit.conducted(room)).pid)
    await using other = await start(1)
    const [heir] = await childrenOf(other, 1)
    const began = performance.now()
    expect(await worker.stop()).toBe('exit code 0')
    expect(pids.filter(isAlive)).toEqual([])
    for (const room of rooms) expect((await kit.conducted(room, 2)).pid).toBe(heir ?? 0)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(await other.stop()).toBe('exit code 0')
  })

  test('there may be none: a worker that only sweeps', async () => {
    await using worker = await start(0)
    expect(await healthOf(worker)).toEqual({ status: 200, children: [] })
    expect(await worker.stop()).toBe('exit code 0')
  })
})
