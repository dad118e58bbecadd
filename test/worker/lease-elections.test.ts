import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { connectStore } from '../../server/store/connect.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'
import { TIMES } from './lease-kit.ts'

test('after an election nothing is taken over for as long as a lease is, so that holders have the first chance', async () => {
  const mongo = await startTestMongo()
  const leaseTimes = { ...TIMES, leaseMs: 3_000 }
  const store = await connectStore({ url: mongo.url, appName: 'test', onError: () => {}, leaseTimes })
  const client = new MongoClient(mongo.url)
  try {
    const { leases } = store
    await leases.want({ room: 'r', kind: 'GroupPerpetual', epoch: 0 })
    expect(leases.isSettled()).toBe(true)
    await client
      .db('admin')
      .command({ replSetStepDown: 1, force: true })
      .catch(() => {})
    await until(() => !leases.isSettled(), { what: 'the election seen', deadlineMs: 25_000 })
    expect(await leases.lost({ limit: 1 })).toEqual([])
    // What nobody holds is not taken over from anybody.
    const found = await until(async () => (await leases.candidates({ limit: 1 }))[0], { what: 'the database again' })
    expect(found).toMatchObject({ room: 'r', status: 'wanted' })
    await until(() => leases.isSettled(), { what: 'the end of the hold' })
  } finally {
    await client.close()
    await store.close()
    await mongo.stop()
  }
})
