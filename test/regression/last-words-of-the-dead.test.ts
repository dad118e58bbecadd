import { expect, test } from 'bun:test'
import { connectStore } from '../../server/store/connect.ts'
import { releaser } from '../../worker/release.ts'
import { useDatabase } from '../kit/mongo.ts'
import { setClockOn, TIMES } from '../worker/lease-kit.ts'

const { url, db } = useDatabase(import.meta.path)

/**
 * A process was killed while its claim was on the way. Its supervisor freed what it held and took its row away; then the claim came
 * through. The lease was held by nobody, and with no row of its worker to be found lost by it stood so until its own row ran out:
 * 12 leases, not one.
 */
test('a claim that comes through after its process was seen to be dead lasts for one lease, and is freed by whoever looks', async () => {
  await using store = await opened()
  const { leases, workers } = store
  const release = releaser({ store, reap: () => Promise.reject(new Error('there is no evanescent room')) })
  const [worker, room] = [crypto.randomUUID(), crypto.randomUUID()]
  await workers.enroll({ worker, host: 'h', pid: 1, supervisor: 's' })
  await leases.want({ room, kind: 'GroupPerpetual', epoch: 0 })
  await release(worker)
  expect(await workers.renew({ worker, load: 0, draining: false })).toBe(false)
  const claimed = await leases.claim({ room, epoch: 0, worker, claim: 'c', host: 'h', mayTakeOver: true })
  expect(claimed).toMatchObject({ status: 'held', epoch: 1 })
  const free = async () => (await leases.candidates({ limit: 10 })).map((found) => found.room)
  await setClockOn(db, 15_000)
  expect(await free()).toEqual([])
  await setClockOn(db, 2_100)
  expect(await free()).toEqual([room])
  // Its supervisor looks once more, a moment later, and does not wait for that.
  await release(worker)
  expect((await leases.ofRooms([room]))[0]).toMatchObject({ status: 'wanted', epoch: 2, crash: { count: 1 } })
})

async function opened() {
  const leaseTimes = { ...TIMES, rowMs: 12 * TIMES.leaseMs }
  const store = await connectStore({ url, appName: 'test', onError: () => {}, leaseTimes })
  return { ...store, [Symbol.asyncDispose]: store.close }
}
