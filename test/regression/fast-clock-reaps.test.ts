import { expect, test } from 'bun:test'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { leaseStore } from '../../server/store/leases.ts'
import { useDatabase } from '../kit/mongo.ts'
import { EVANESCENT, openLeases, TIMES } from '../worker/lease-kit.ts'

const database = useDatabase(import.meta.path)
const { leases, held, wanted, age } = await openLeases(database)

test('a worker whose estimate of the time is ahead takes no evanescent room for lost', async () => {
  const rows = database.db.collection<LeaseDoc>('leases')
  const now = () => new Date(Date.now() + 3_600_000)
  const fast = leaseStore(rows, TIMES, { now, isSettled: () => true })
  const alive = await held(EVANESCENT)
  await wanted(EVANESCENT)
  expect(await fast.lost({ limit: 10 })).toEqual([])
  await age(alive.room, TIMES.leaseMs + TIMES.graceMs + 100)
  expect(await fast.lost({ limit: 10 })).toEqual(await leases.lost({ limit: 10 }))
  expect(await fast.lost({ limit: 10 })).toEqual([{ room: alive.room, epoch: 1, reason: 'conductor-lost' }])
})
