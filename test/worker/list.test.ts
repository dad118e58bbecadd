import { describe, expect, test } from 'bun:test'
import { hostname } from 'node:os'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { clientOf } from '../kit/open-rooms.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnWorker } from '../kit/processes.ts'
import { ruleOf } from '../kit/quiz.ts'
import { FAST } from '../kit/quiz-fleet.ts'
import { startServer } from '../kit/server.ts'
import { JWT_SECRET } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { openQuizKit } from './quiz-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openQuizKit(database)
const server = await startServer({ url: database.url, env: { JWT_SECRET } })
const operator = await clientOf({ url: server.url, user: 'ops', token: { role: 'service' } })

const FAILED: Omit<LeaseDoc, '_id' | 'crash'> = {
  kind: 'GroupPerpetual',
  desired: 'on',
  status: 'failed',
  epoch: 4,
  holder: null,
  acquiredAt: null,
  renewedAt: null,
  expiresAt: null,
  aliveSince: null,
  wantedAt: new Date(),
}

describe('worker.list', () => {
  test('is for services only', async () => {
    const user = await clientOf({ url: server.url, user: 'ann' })
    expect(await ruleOf(user.worker.list.query())).toBe('forbidden')
    expect(await ruleOf(operator.worker.list.query())).toBe('ok')
  })

  test('tells which processes run conductors, how many, and which rooms are without', async () => {
    await using worker = await spawnWorker({ url: database.url, env: { ...FAST, WORKER_CHILDREN: '1' } })
    const rooms = [await kit.hosted(), await kit.solo()]
    for (const room of rooms) await kit.conducted(room)
    const crash = { count: 3, since: new Date(), notBefore: new Date(Date.now() + 60_000) }
    const failed = crypto.randomUUID()
    await database.db.collection<LeaseDoc>('leases').insertOne({ ...FAILED, _id: failed, crash })
    const list = await until(
      async () => {
        const seen = await operator.worker.list.query()
        return seen.workers[0]?.load === 2 && seen
      },
      { what: 'a worker with two conductors' },
    )
    expect(list.workers).toMatchObject([{ host: hostname(), draining: false, lost: false, load: 2 }])
    expect(list.workers[0]?.pid).not.toBe(worker.pid)
    expect(Date.now() - (list.workers[0]?.renewedAt.getTime() ?? 0)).toBeLessThan(10_000)
    expect(list.leases).toEqual({ wanted: 0, held: 2, released: 0, failed: 1, ended: 0 })
    expect(list.failed).toEqual([{ room: failed, crashes: 3, again: crash.notBefore }])
    const victim = list.workers[0]?.id ?? ''
    process.kill(list.workers[0]?.pid ?? 0, 'SIGKILL')
    const lost = async () => (await operator.worker.list.query()).workers.find(({ id }) => id === victim)?.lost
    await until(lost, { what: 'the process is shown as lost' })
    await until(async () => (await operator.worker.list.query()).workers.length === 2, { what: 'another one' })
    expect(await worker.stop()).toBe('exit code 0')
    expect((await operator.worker.list.query()).workers).toMatchObject([{ id: victim, lost: true }])
  })
})
