import { afterAll, expect, test } from 'bun:test'
import { connectStore } from '../../server/store/connect.ts'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { EVANESCENT, openLeases, TIMES } from '../worker/lease-kit.ts'

const { url, db } = useDatabase(import.meta.path)
const { held, wanted, age } = await openLeases({ url, db })
const HOLD_MS = 1_500

test('a worker that begins right after an election, which it did not see, leaves holders the first chance', async () => {
  const late = await held()
  const evanescent = await held(EVANESCENT)
  const free = await wanted()
  for (const { room } of [late, evanescent]) await age(room, TIMES.leaseMs + TIMES.graceMs + 100)
  const leaseTimes = { ...TIMES, startHoldMs: HOLD_MS }
  const { leases, close } = await connectStore({ url, appName: 'test', onError: () => {}, leaseTimes })
  afterAll(close)
  const rooms = async () => (await leases.candidates({ limit: 10 })).map(({ room }) => room)
  // What nobody holds is nobody's chance.
  expect([await rooms(), await leases.lost({ limit: 10 })]).toEqual([[free], []])
  await until(() => leases.isSettled(), { what: 'the end of the hold' })
  expect(new Set(await rooms())).toEqual(new Set([free, late.room]))
  expect(await leases.lost({ limit: 10 })).toMatchObject([{ room: evanescent.room }])
  expect(await db.collection<LeaseDoc>('leases').countDocuments({ status: 'held' })).toBe(2)
})
