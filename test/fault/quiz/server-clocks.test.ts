import { expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { connectStore } from '../../../server/store/connect.ts'
import type { LeaseDoc, WorkerDoc } from '../../../server/store/docs-quiz.ts'
import { findFaketime, startSkewedMongo } from '../../kit/faketime.ts'
import { openSet, watchSet } from '../../kit/quiz-set.ts'
import { openStage } from '../../kit/quiz-stage.ts'

const IS_LONG = process.env.LONG === '1'
const MINUTE_MS = 60_000
const USUAL = {
  LEASE_MS: '15000',
  LEASE_RENEW_MS: '5000',
  LEASE_OP_MS: '2500',
  LEASE_GRACE_MS: '2000',
  SWEEP_MS: '1000',
}
const STEP_DOWNS = IS_LONG ? 8 : 3

for (const [where, ms] of [
  ['ahead of', -MINUTE_MS],
  ['behind', MINUTE_MS],
] as const)
  test(`F6: the leases of a new primary whose clock is a minute ${where} the old one's stay with who has them`, async () => {
    await using set = await openSet()
    await using stage = await openStage({ ...set, env: { SWEEP_MS: '1000' } })
    await using _other = await stage.fleet.addWorker()
    await stage.goesOn()
    await set.outage(set.stepDown)
    // What the old one wrote, as the new one's clock has it.
    const move = [{ $set: { expiresAt: { $add: ['$expiresAt', ms] } } }]
    await set.db.collection<WorkerDoc>('workers').updateMany({}, move)
    const moved = await set.db.collection<LeaseDoc>('leases').updateMany({ status: 'held' }, move)
    expect(moved.modifiedCount).toBe(stage.play.ids.length)
    await stage.goesOn(20)
    expect(stage.holders()).toEqual(stage.play.ids.map(() => stage.child))
    // Too late to be renewed, they are taken anew by who has them; so they are if the election took longer than they may stand still.
    for (const room of stage.play.ids) expect(stage.epochsOf(room).length).toBeLessThanOrEqual(3)
    if (ms < 0) expect(stage.play.ids.flatMap(stage.epochsOf)).toContain(2)
    expect(await stage.judge()).toEqual([])
  }, 120_000)

const library = await findFaketime()
if (library === undefined)
  test('F6: members with clocks of their own are left out here: no libfaketime is found where Debian puts it', async () => {
    const { stdout } = await Bun.$`ls /usr/lib/*/faketime/libfaketimeMT.so.1`.quiet().nothrow()
    expect(stdout.toString()).toBe('')
  })
else
  test('F6: members whose clocks are a minute apart step down: nobody loses a room, and games go on', async () => {
    const offsets = [0, 60, -60]
    const mongo = await startSkewedMongo(library, offsets)
    await using set = await watchSet(mongo)
    // Under the library each write takes a second: more than processes have for all indexes, and than the fast leases allow.
    const store = await connectStore({ url: set.url, appName: 'test', onError: () => {} })
    await store.close()
    await using stage = await openStage({ ...set, env: USUAL })
    await using _other = await stage.fleet.addWorker()
    let primary = await set.primary()
    const seen: number[] = []
    for (let i = 0; i < STEP_DOWNS; i++) {
      seen.push(offsets[set.ports.indexOf(primary.port)] ?? 0)
      await stage.goesOn(5, 120_000)
      await set.outage(set.stepDown)
      primary = await set.primary()
      const aheadMs = await clockOf(primary.port)
      expect(Math.abs(aheadMs / 1_000 - (offsets[set.ports.indexOf(primary.port)] ?? 0))).toBeLessThan(5)
    }
    if (IS_LONG) process.stderr.write(`primaries off by ${seen.join()} s\n`)
    const from = performance.now()
    await stage.goesOn(10, 120_000)
    if (IS_LONG) process.stderr.write(`goes on after ${Math.round(performance.now() - from)} ms\n`)
    expect(stage.holders()).toEqual(stage.play.ids.map(() => stage.child))
    expect(await stage.judge()).toEqual([])
  }, 400_000)

/** How far a member's clock is ahead of this process's, ms. */
async function clockOf(port: number): Promise<number> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`)
  try {
    const { localTime } = await client.db('admin').command({ hello: 1 })
    return localTime.getTime() - Date.now()
  } finally {
    await client.close()
  }
}
