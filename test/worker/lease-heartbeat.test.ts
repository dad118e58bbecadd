import { expect, test } from 'bun:test'
import type { Document } from 'mongodb'
import type { LeaseDoc, WorkerDoc } from '../../server/store/docs-quiz.ts'
import { leaseStore } from '../../server/store/leases.ts'
import { workerStore } from '../../server/store/workers.ts'
import { useDatabase } from '../kit/mongo.ts'
import { EVANESCENT, openLeases, PERPETUAL, TIMES } from './lease-kit.ts'

const database = useDatabase(import.meta.path)
const { store, wanted } = await openLeases(database)
const rows = database.db.collection<LeaseDoc>('leases')
const processes = database.db.collection<WorkerDoc>('workers')

/** Leases whose rows live for four times as long as their process without a heartbeat. */
const workers = workerStore(processes, TIMES)
const world = { now: store.clock.now, isSettled: () => true, findLost: workers.findLost }
const leases = leaseStore(rows, { ...TIMES, rowMs: 4 * TIMES.leaseMs }, world)
const unsettled = leaseStore(rows, { ...TIMES, rowMs: 4 * TIMES.leaseMs }, { ...world, isSettled: () => false })

const MOST = { limit: 100 }
const enrolled = async () => {
  const worker = crypto.randomUUID()
  await workers.enroll({ worker, host: 'h', pid: 1, supervisor: 's' })
  return worker
}
const held = async (worker: string, kind = PERPETUAL) => {
  const room = await wanted(kind)
  const taken = await leases.claim({ room, epoch: 0, worker, claim: `c ${room}`, host: 'h', mayTakeOver: true })
  expect(taken).toMatchObject({ epoch: 1, status: 'held' })
  return room
}
/** The process has said nothing for so long, and took its leases before that. */
const silent = async (worker: string, ms: number) => {
  const back = (field: string) => ({ [field]: { $subtract: [`$${field}`, ms] } })
  await processes.updateOne({ _id: worker }, [{ $set: { ...back('expiresAt'), ...back('renewedAt') } }])
  await rows.updateMany({ 'holder.worker': worker }, [{ $set: { ...back('expiresAt'), ...back('renewedAt') } }])
}
const beat = (worker: string) => workers.renew({ worker, load: 0, draining: false })
const free = async () => (await leases.candidates(MOST)).map(({ room }) => room)

test('the leases of a process that says nothing are free after lease and grace, though their rows live longer', async () => {
  const [lost, slow] = [await enrolled(), await enrolled()]
  const [perpetual, evanescent, other] = [await held(lost), await held(lost, EVANESCENT), await held(slow)]
  await silent(lost, 17_100)
  await silent(slow, 14_000)
  expect(await unsettled.candidates(MOST)).toEqual([])
  expect(await unsettled.lost(MOST)).toEqual([])
  expect(await free()).toEqual([perpetual])
  expect(await leases.lost(MOST)).toEqual([{ room: evanescent, epoch: 1, reason: 'conductor-lost' }])
  expect(await beat(slow)).toBe(true)
  expect(await leases.renew({ worker: slow, rooms: [other] })).toEqual({ lost: [], expired: [] })
  const given = { room: perpetual, epoch: 1, worker: slow, claim: 'next', host: 'h', mayTakeOver: true }
  expect(await leases.claim(given)).toMatchObject({ epoch: 2 })
})

test('how long a lost lease has waited counts from the last heartbeat, not from when its row was renewed', async () => {
  const worker = await enrolled()
  const room = await held(worker)
  // Three leases ago: heartbeats kept it since then.
  await rows.updateOne({ _id: room }, [{ $set: { renewedAt: { $subtract: ['$renewedAt', 45_000] } } }])
  expect(await free()).not.toContain(room)
  await processes.updateOne({ _id: worker }, [
    {
      $set: { expiresAt: { $subtract: ['$expiresAt', 17_100] }, renewedAt: { $subtract: ['$renewedAt', 17_100] } },
    },
  ])
  const found = (await leases.candidates(MOST)).find((candidate) => candidate.room === room)
  expect(found?.since).toEqual((await processes.findOne({ _id: worker }))?.renewedAt ?? new Date(0))
  await leases.off({ room, ended: true })
})

test('a process that comes back is told that it was too late, and takes anew what nobody else has taken', async () => {
  const [worker, other] = [await enrolled(), await enrolled()]
  const [mine, taken, late] = [await held(worker), await held(worker), await held(worker)]
  await silent(worker, 17_100)
  expect((await free()).toSorted()).toEqual([mine, taken, late].toSorted())
  await leases.claim({ room: taken, epoch: 1, worker: other, claim: 'other', host: 'h', mayTakeOver: true })
  expect(await beat(worker)).toBe(false)
  await workers.enroll({ worker, host: 'h', pid: 1, supervisor: 's' })
  expect(await leases.renew({ worker, rooms: [mine, taken, late] })).toEqual({ lost: [taken], expired: [mine, late] })
  const anew = { epoch: 1, worker, claim: `c ${mine}`, next: 'anew' }
  expect(await leases.reclaim({ ...anew, room: mine })).toMatchObject({ epoch: 2, holder: { claim: 'anew' } })
  expect(await leases.reclaim({ ...anew, room: taken, claim: `c ${taken}` })).toBeNull()
  // Whoever found it lost may be in the middle of freeing what it held.
  await processes.updateOne({ _id: worker }, { $set: { lost: true } })
  await rows.updateOne({ _id: late }, { $set: { expiresAt: new Date(Date.now() + 60_000) } })
  await leases.candidates(MOST)
  expect(await leases.renew({ worker, rooms: [mine] })).toEqual({ lost: [], expired: [] })
})

test('a heartbeat comes too late when its time is over, whether anybody has found so or not', async () => {
  const worker = await enrolled()
  await silent(worker, 15_100)
  expect(await beat(worker)).toBe(false)
  expect(await beat(crypto.randomUUID())).toBe(false)
  await workers.enroll({ worker, host: 'h', pid: 1, supervisor: 's' })
  expect(await beat(worker)).toBe(true)
})

test('a stuck conductor loses its lease at once, and no other of its process does', async () => {
  const worker = await enrolled()
  const [stuck, well] = [await held(worker), await held(worker)]
  await leases.lapse({ worker: 'another', rooms: [stuck] })
  expect(await leases.renew({ worker, rooms: [stuck, well] })).toEqual({ lost: [], expired: [] })
  await leases.lapse({ worker, rooms: [stuck] })
  expect(await leases.renew({ worker, rooms: [stuck, well] })).toEqual({ lost: [], expired: [stuck] })
  await rows.updateOne({ _id: stuck }, [{ $set: { expiresAt: { $subtract: ['$expiresAt', 2_100] } } }])
  expect(await free()).toContain(stuck)
  expect(await free()).not.toContain(well)
})

test('no operation of heartbeats reads all processes or leases there were', async () => {
  const lost = await Promise.all(Array.from({ length: 150 }, enrolled))
  await Promise.all(lost.map((worker) => silent(worker, 3_600_000)))
  await Promise.all(lost.map((worker) => held(worker)))
  await workers.findLost()
  const worker = await enrolled()
  const { db } = database
  await db.command({ profile: 2 })
  await beat(worker)
  await workers.findLost()
  await workers.list({ withinMs: 15_000 })
  await leases.candidates(MOST)
  await db.command({ profile: 0 })
  const ns = ['leases', 'workers'].map((name) => `${db.databaseName}.${name}`)
  const seen = await db
    .collection<Document>('system.profile')
    .find({ ns: { $in: ns } })
    .toArray()
  expect(seen.length).toBeGreaterThan(4)
  for (const { planSummary, command, docsExamined } of seen) {
    const what = `${planSummary ?? ''} ${docsExamined} ${JSON.stringify(command).slice(0, 300)}`
    expect(what).not.toContain('COLLSCAN')
    expect(docsExamined ?? 0, what).toBeLessThan(20)
  }
})
