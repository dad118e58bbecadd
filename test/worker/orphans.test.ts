import { afterAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { isAlive } from '../../server/dev/mongo-data.ts'
import { useDatabase } from '../kit/mongo.ts'
import { FAST } from '../kit/quiz-fleet.ts'
import { ROOT } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'
import { openQuizKit } from './quiz-kit.ts'

const database = useDatabase(import.meta.path)
const kit = await openQuizKit(database)

/** A worker as somebody starts it by hand: nothing but itself ends its children. */
function startAlone(): Bun.Subprocess {
  const { BUN_FEATURE_FLAG_NO_ORPHANS: _, ...inherited } = process.env
  const own = { MONGODB_URL: database.url, HOST: '127.0.0.1', WORKER_PORT: '0', WORKER_CHILDREN: '2' }
  const worker = Bun.spawn({
    cmd: [process.execPath, join(ROOT, 'worker/main.ts')],
    env: { ...inherited, ...FAST, ...own },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  afterAll(() => worker.kill('SIGKILL'))
  return worker
}

test('the children of a supervisor that is killed exit by themselves, and what they did is handed over', async () => {
  const worker = startAlone()
  const rooms = [await kit.hosted(), await kit.solo()]
  for (const room of rooms) await kit.conducted(room)
  const pids = await until(
    async () => {
      const rows = await kit.workers()
      return rows.length === 2 && rows.map(({ pid }) => pid)
    },
    { what: 'both children', deadlineMs: 20_000 },
  )
  worker.kill('SIGKILL')
  await until(() => !pids.some(isAlive), { what: 'the end of the children', deadlineMs: 3_000 })
  for (const room of rooms) {
    expect((await kit.state(room)).conductor).toMatchObject({ epoch: 1, holder: null })
    expect(await kit.lease(room)).toMatchObject({ status: 'wanted', holder: null })
  }
  expect(await kit.workers()).toEqual([])
})
