import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnMain } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { isType, openConducting } from './conduct-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openConducting(database)
beforeEach(() => database.db.collection('leases').deleteMany({}))
const LONG = { deadlineMs: 20_000 }

describe('a process that is stopped', () => {
  for (const kind of ['solo', 'group'] as const)
    test(`hands its ${kind} room over, amid a question, within two seconds`, async () => {
      const first = await kit.start()
      const room = await kit.make(kind, { questionMs: 3_000 })
      await until(async () => (await kit.lines(room)).some(isType('question.opened')), { what: 'a question' })
      const second = await kit.start()
      const began = performance.now()
      await first.conductors.stop()
      await until(async () => (await kit.state(room)).conductor.epoch === 2, { what: 'the next epoch' })
      expect(performance.now() - began).toBeLessThan(2_000)
      expect(first.conductors.size()).toBe(0)
      const lines = await kit.lines(room)
      expect(lines.filter(isType('conductor.released'))).toMatchObject([{ epoch: 1, why: 'handover' }])
      await until(async () => (await kit.lines(room)).some(isType('question.revealed')), { what: 'the reveal' })
      expect(await second.metrics()).toContain('foyer_lease_claims_total{from="wanted",outcome="won"} 1')
      await second.conductors.stop()
    })

  test('hands many rooms over at once, and each of them once', async () => {
    const first = await kit.start()
    const rooms = await Promise.all(Array.from({ length: 60 }, () => kit.make('group', { pace: 'host' })))
    const epochs = () => Promise.all(rooms.map(async (room) => (await kit.state(room)).conductor.epoch))
    await until(async () => (await epochs()).every((epoch) => epoch === 1), { what: 'all conducted', ...LONG })
    const others = [await kit.start(), await kit.start()]
    const began = performance.now()
    await first.conductors.stop()
    expect(performance.now() - began).toBeLessThan(2_000)
    await until(async () => (await epochs()).every((epoch) => epoch === 2), {
      what: 'all conducted elsewhere',
      ...LONG,
    })
    const sizes = others.map(({ conductors }) => conductors.size())
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60)
    expect(Math.min(...sizes)).toBeGreaterThan(10)
    await Promise.all(others.map(({ conductors }) => conductors.stop()))
  })

  test('and dies between its words in the log and the release of its lease is taken over from, once that is over', async () => {
    const room = await kit.make('group', { questionMs: 3_000 })
    const env = { WORKER: 'first', FAILPOINT: 'midRelease' }
    const first = await spawnMain('test/worker/conduct-child.ts', { url: database.url, env })
    await until(async () => (await kit.lines(room)).some(isType('question.opened')), { what: 'a question' })
    expect(await first.stop()).toBe('SIGKILL')
    expect((await kit.state(room)).conductor).toMatchObject({ epoch: 1, holder: null })
    expect(await kit.lease(room)).toMatchObject({ status: 'held', holder: { worker: 'first' } })
    await kit.expire(room)
    const second = await kit.start()
    await until(async () => (await kit.state(room)).conductor.epoch === 2, { what: 'the next epoch' })
    await second.conductors.stop()
  })
})
