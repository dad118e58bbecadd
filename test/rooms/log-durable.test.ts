import { afterAll, expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { logStore } from '../../server/store/log.ts'
import { docsOf, draft } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { openTally } from '../kit/tally.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'

const mongo = await startTestMongo({ members: 3, parameters: { enableTestCommands: 1 } })
const client = await MongoClient.connect(mongo.url, { writeConcern: { w: 'majority' } })
const db = client.db()
afterAll(async () => {
  await client.close()
  await mongo.stop()
})

/** A connection of the test's own to one member. */
const member = (host: string) => new MongoClient(`mongodb://${host}/?directConnection=true`)

/** The primary's process and a connection to it; connections to the others. */
async function membersNow() {
  const reply = await db.command({ hello: 1 })
  const [primary, hosts] = [String(reply.primary), [reply.hosts].flat().map(String)]
  const pid = mongo.pids[/\/\/([^/]*)/.exec(mongo.url)?.[1]?.split(',').indexOf(primary) ?? -1]
  if (pid === undefined) throw new Error(`no process is the primary ${primary}`)
  const others = hosts.filter((host) => host !== primary).map(member)
  return { pid, primary: member(primary), others }
}

/** Whether a member fetches what the primary writes. Stopped processes will not do: what is on the wire reaches them later. */
const fetching = async (one: MongoClient, on: boolean) => {
  const admin = one.db('admin')
  const mode = on ? 'off' : 'alwaysOn'
  const { count } = await admin.command({ configureFailPoint: 'stopReplProducer', mode })
  if (!on) await admin.command({ waitForFailPoint: 'stopReplProducer', timesEntered: count + 1, maxTimeMS: 20_000 })
}

const LONG = { deadlineMs: 20_000 }

test('what a reader folds outlives the primary; control: at the default level it folds what dies (room-log.md 1)', async () => {
  const { pid, primary, others } = await membersNow()
  const local = await MongoClient.connect(mongo.url, {
    readConcern: { level: 'local' },
    writeConcern: { w: 'majority' },
  })
  await using careful = await openTally(mongo.url, LONG)
  await using hasty = await openTally(mongo.url, { ...LONG, log: logStore(local.db()) })
  const pairs = [
    { log: careful, history: recorder() },
    { log: hasty, history: recorder() },
  ]
  for (const { log, history } of pairs) await history.add(log)
  const ends = await Promise.all(
    pairs.map(async ({ history: { room } }) => (await docsOf(db, room)).at(-1)?._id ?? null),
  )

  await Promise.all(others.map((one) => fetching(one, false)))
  // The primary alone has a second document of each room: whoever wrote it was never told that it is stored.
  const lone = primary.db(db.databaseName).collection('events', { writeConcern: { w: 1 } })
  const dying = pairs.map(({ history: { room } }, i) => draft({ room, seq: 2, prev: ends[i] ?? null, adds: [100] }))
  // edge: a collection without a type of its own takes ids of ObjectId only.
  await lone.insertMany(dying as never[])
  const read = await Promise.all(pairs.map(({ log, history }) => log.read(history.room)))
  expect(read).toMatchObject([
    { seq: 1, sum: 1 },
    { seq: 2, sum: 101 },
  ])
  const told = pairs.map(({ log, history }) => history.add(log))
  await until(() => lone.countDocuments({ room: pairs[1]?.history.room, seq: 3 }), { what: 'the hasty one appends' })
  process.kill(pid, 'SIGKILL')
  await Promise.all(others.map((one) => fetching(one, true)))
  const stepUp = () => others[0]?.db('admin').command({ replSetStepUp: 1 })
  await until(stepUp, { what: 'another primary', deadlineMs: 20_000 })
  expect(await Promise.all(told)).toEqual([
    { seq: 2, result: 2, replayed: false },
    { seq: 3, result: 102, replayed: false },
  ])

  const faults = await Promise.all(pairs.map(async ({ history }) => history.faults(await docsOf(db, history.room))))
  expect(faults).toEqual([[], expect.arrayContaining(['the document at 3 does not follow'])])
  // The log of the hasty one is forked for good: nobody can fold it.
  await using fresh = await openTally(mongo.url)
  expect(await Promise.all(pairs.map(({ history }) => history.add(fresh)))).toEqual([
    { seq: 3, result: 3, replayed: false },
    { rule: 'room-unsound' },
  ])
  await Promise.all([local, primary, ...others].map((each) => each.close()))
}, 60_000)
