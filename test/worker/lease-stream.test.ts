import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { EVANESCENT, openLeases, PERPETUAL } from './lease-kit.ts'

const database = useDatabase(import.meta.path)
const { store, leases, wanted, held, claim, age } = await openLeases(database)

test('the stream tells of every lease that becomes wanted, in whichever way, and of nothing else', async () => {
  const stopping = new AbortController()
  const told: string[] = []
  const open = Promise.withResolvers<void>()
  void store.watchLeases(stopping.signal, {
    wanted: (room) => told.push(room),
    open: open.resolve,
    gap: (error) => open.reject(error),
  })
  await open.promise
  const expectTold = async (room: string, times: number) => {
    // What is told comes in order: when the mark is there, so is all that was before.
    const mark = await wanted()
    await until(() => told.includes(mark), { what: 'the mark' })
    expect(told.filter((one) => one === room)).toHaveLength(times)
  }
  const mine = await held()
  const { room } = mine
  await expectTold(room, 1)
  await leases.renew({ worker: 'w1', rooms: [room] })
  await leases.want({ room, kind: PERPETUAL, epoch: 0 })
  await leases.progressed(mine)
  await expectTold(room, 1)
  await leases.release({ ...mine, to: 'wanted' })
  await expectTold(room, 2)
  await claim(room, { claim: 'again' })
  await leases.disown({ room, claim: 'again' })
  await expectTold(room, 3)
  await leases.off({ room, ended: false })
  await expectTold(room, 3)
  await leases.want({ room, kind: PERPETUAL, epoch: 0 })
  await expectTold(room, 4)
  await claim(room, { worker: 'dying' })
  await leases.releaseAll({ worker: 'dying' })
  await expectTold(room, 5)
  const evanescent = await held(EVANESCENT)
  await age(evanescent.room, 60_000)
  await leases.reclaim({ ...evanescent, next: 'n' })
  await leases.off({ room: evanescent.room, ended: true })
  await expectTold(evanescent.room, 1)
  stopping.abort()
})

test('the processes that run conductors are known while they renew their row, and until they leave', async () => {
  const { workers } = store
  const ids = async () => (await workers.list({ withinMs: 15_000 })).map(({ _id }) => _id)
  await workers.enroll({ worker: 'a', host: '$host', pid: 7, supervisor: 's' })
  await workers.enroll({ worker: 'b', host: 'h', pid: 8, supervisor: 's' })
  expect((await workers.list({ withinMs: 15_000 }))[0]).toMatchObject({
    _id: 'a',
    host: '$host',
    pid: 7,
    load: 0,
    draining: false,
  })
  await workers.renew({ worker: 'a', load: 3, draining: true })
  expect((await workers.list({ withinMs: 15_000 }))[0]).toMatchObject({ load: 3, draining: true, host: '$host' })
  const rows = database.db.collection<{ _id: string; renewedAt: Date }>('workers')
  await rows.updateOne({ _id: 'b' }, { $set: { renewedAt: new Date(Date.now() - 16_000) } })
  expect(await ids()).toEqual(['a'])
  await workers.renew({ worker: 'b', load: 0, draining: false })
  expect(await ids()).toEqual(['a', 'b'])
  await workers.leave('a')
  await workers.renew({ worker: 'a', load: 1, draining: false })
  expect(await ids()).toEqual(['b'])
})
