import { expect, test } from 'bun:test'
import { connectStore } from '../../server/store/connect.ts'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { EVANESCENT, openLeases, TIMES } from '../worker/lease-kit.ts'

const { url, db } = useDatabase(import.meta.path)
const { held, age } = await openLeases({ url, db })

// A worker's own process asks for lost rooms only, and did not ask before it knew its primary, which it met by asking: the people of a
// dead host's evanescent rooms waited for ever.
test('a process that uses leases for nothing else finds the rooms whose conductor is lost', async () => {
  const { room } = await held(EVANESCENT)
  await age(room, TIMES.leaseMs + TIMES.graceMs + 100)
  const leaseTimes = { ...TIMES, startHoldMs: 50 }
  const { leases, close } = await connectStore({ url, appName: 'test', onError: () => {}, leaseTimes })
  await until(async () => (await leases.lost({ limit: 10 })).length === 1, { what: 'the lost room' })
  expect(await leases.lost({ limit: 10 })).toEqual([{ room, epoch: 1, reason: 'conductor-lost' }])
  await close()
})
