import { describe, expect, test } from 'bun:test'
import type { Document } from 'mongodb'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import { useDatabase } from '../kit/mongo.ts'
import { EVANESCENT, openLeases, PERPETUAL } from './lease-kit.ts'

const database = useDatabase(import.meta.path)
const { leases, wanted, held, row, age, claim, unsettled } = await openLeases(database)

describe('a lease that is given back', () => {
  test('to the next one is wanted under the same epoch, of every kind', async () => {
    for (const kind of [PERPETUAL, EVANESCENT]) {
      const mine = await held(kind)
      await leases.release({ ...mine, epoch: 0, to: 'wanted' })
      await leases.release({ ...mine, worker: 'w2', to: 'wanted' })
      expect(await row(mine.room)).toMatchObject({ status: 'held', epoch: 1 })
      await leases.release({ ...mine, to: 'wanted' })
      expect(await row(mine.room)).toMatchObject({ status: 'wanted', epoch: 1, holder: null })
      expect(await claim(mine.room, { worker: 'w2' })).toMatchObject({ epoch: 2 })
    }
  })

  test('of an evanescent room never sleeps', async () => {
    const mine = await held(EVANESCENT)
    await leases.release({ ...mine, to: 'released' })
    expect(await row(mine.room)).toMatchObject({ status: 'wanted' })
  })
})

test('what a dead process held is wanted under the next epoch; its evanescent rooms are told', async () => {
  const worker = crypto.randomUUID()
  const perpetual = await held(PERPETUAL, worker)
  const evanescent = await held(EVANESCENT, worker)
  const other = await held()
  expect(await leases.releaseAll({ worker })).toEqual({ evanescent: [{ room: evanescent.room, epoch: 1 }] })
  expect(await row(perpetual.room)).toMatchObject({ status: 'wanted', epoch: 2, holder: null, crash: { count: 1 } })
  expect(await row(evanescent.room)).toMatchObject({ status: 'held', epoch: 1 })
  expect(await row(other.room)).toMatchObject({ status: 'held', epoch: 1 })
})

test('evanescent rooms are lost whose holder is, or that nobody took for very long', async () => {
  const [lost, alive, perpetual] = [await held(EVANESCENT), await held(EVANESCENT), await held()]
  const [forgotten, fresh, handed] = [await wanted(EVANESCENT), await wanted(EVANESCENT), await held(EVANESCENT)]
  await leases.release({ ...handed, to: 'wanted' })
  for (const room of [lost.room, perpetual.room]) await age(room, 17_100)
  await age(alive.room, 14_000)
  for (const room of [forgotten, handed.room]) await age(room, 60_100)
  await age(fresh, 59_000)
  const found = await leases.lost({ limit: 100 })
  expect(found.toSorted((a, b) => (a.room < b.room ? -1 : 1))).toEqual(
    [
      { room: lost.room, epoch: 1, reason: 'conductor-lost' as const },
      { room: forgotten, epoch: 0, reason: 'never-started' as const },
      { room: handed.room, epoch: 1, reason: 'conductor-lost' as const },
    ].toSorted((a, b) => (a.room < b.room ? -1 : 1)),
  )
  expect(await leases.lost({ limit: 2 })).toHaveLength(2)
  expect(await unsettled.lost({ limit: 100 })).toEqual([])
})

describe('the crash guard', () => {
  /** Takes it over from its lost holder. */
  const loseTo = async (room: string) => {
    await age(room, 17_100)
    return claim(room)
  }

  test('lets a conductor wait that was lost three times in a row', async () => {
    const { room } = await held()
    expect(await loseTo(room)).toMatchObject({ crash: { count: 1 } })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 2 } })
    expect(await loseTo(room)).toBeNull()
    const failed = await row(room)
    expect(failed).toMatchObject({ status: 'failed', epoch: 4, holder: null, crash: { count: 3 } })
    expect(failed.crash.notBefore?.getTime()).toBeGreaterThan(Date.now() + 3_000)
    await leases.want({ room, kind: PERPETUAL, epoch: 3 })
    expect(await row(room)).toEqual(failed)
    expect(await claim(room)).toBeNull()
    expect(await leases.candidates({ limit: 1_000 })).not.toContainEqual(expect.objectContaining({ room }))
    await age(room, 5_100)
    expect(await leases.candidates({ limit: 1_000 })).toContainEqual(
      expect.objectContaining({ room, status: 'failed', epoch: 4 }),
    )
    expect(await claim(room)).toMatchObject({ status: 'held', epoch: 5, crash: { count: 3 } })
    expect(await loseTo(room)).toBeNull()
    const again = (await row(room)).crash
    expect(again.count).toBe(4)
    expect(again.notBefore?.getTime()).toBeGreaterThan(Date.now() + 8_000)
  })

  test('counts what supervisors see, too', async () => {
    const worker = crypto.randomUUID()
    const { room } = await held(PERPETUAL, worker)
    for (const count of [1, 2]) {
      await leases.releaseAll({ worker })
      expect(await row(room)).toMatchObject({ status: 'wanted', crash: { count } })
      await claim(room, { worker })
    }
    await leases.releaseAll({ worker })
    expect(await row(room)).toMatchObject({ status: 'failed', holder: null, crash: { count: 3 } })
  })

  test('begins anew after progress, after a long life, and after ten minutes', async () => {
    const { room } = await held()
    await loseTo(room)
    await leases.progressed({ room, epoch: 2, worker: 'w1' })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 1 } })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 2 } })
    const rows = database.db.collection<LeaseDoc>('leases')
    await rows.updateOne({ _id: room }, { $set: { aliveSince: new Date(Date.now() - 31_000) } })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 1 } })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 2 } })
    await rows.updateOne({ _id: room }, { $set: { 'crash.since': new Date(Date.now() - 601_000) } })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 1 } })
  })

  test('counts whoever gives up, however long it lived', async () => {
    const { room } = await held()
    await loseTo(room)
    const { epoch } = await row(room)
    const long = { aliveSince: new Date(Date.now() - 3_600_000) }
    await database.db.collection<LeaseDoc>('leases').updateOne({ _id: room }, { $set: long })
    await leases.gaveUp({ room, epoch, worker: 'w1' })
    expect(await loseTo(room)).toMatchObject({ crash: { count: 2 } })
  })
})

test('no operation that looks for rows reads all of them', async () => {
  await Promise.all(Array.from({ length: 300 }, async () => (await held()).room))
  const level = (profile: number) => database.db.command({ profile })
  await level(2)
  await leases.candidates({ limit: 50 })
  await leases.lost({ limit: 50 })
  await leases.releaseAll({ worker: 'nobody' })
  await leases.renew({ worker: 'w1', rooms: ['a', 'b'] })
  await leases.ofRooms(['a'])
  await leases.counts()
  await level(0)
  const name = `${database.db.databaseName}.leases`
  const seen = await database.db.collection<Document>('system.profile').find({ ns: name }).toArray()
  expect(seen.length).toBeGreaterThan(8)
  for (const { planSummary, command, docsExamined } of seen) {
    expect(`${planSummary ?? ''} ${JSON.stringify(command).slice(0, 200)}`).not.toContain('COLLSCAN')
    expect(docsExamined ?? 0).toBeLessThan(100)
  }
})

test('leases are counted by status', async () => {
  const before = await leases.counts()
  await wanted()
  await held()
  const after = await leases.counts()
  expect({ wanted: after.wanted - before.wanted, held: after.held - before.held }).toEqual({ wanted: 1, held: 1 })
})
