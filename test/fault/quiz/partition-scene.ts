// Run by partition.test.ts inside of a network of its own (test/kit/netns.ts): the last line of its output is what came of it.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { connect } from '../../../client/connect.ts'
import type { LeaseDoc, WorkerDoc } from '../../../server/store/docs-quiz.ts'
import { blackhole, openNet, type Place, spawnAt, startMongodAt } from '../../kit/netns.ts'
import { recordEpochs } from '../../kit/quiz-epochs.ts'
import { FAST } from '../../kit/quiz-fast.ts'
import type { QuizFleet } from '../../kit/quiz-fleet.ts'
import { leaseFaults, readLines, recordLeases } from '../../kit/quiz-history.ts'
import { PERPETUAL, startPlay } from '../../kit/quiz-play.ts'
import { testMongod } from '../../kit/test-mongo.ts'
import { JWT_SECRET, tokenOf } from '../../kit/tokens.ts'
import { until } from '../../kit/until.ts'

const ELECTION_MS = 2_000
const [, , scene] = process.argv
const dir = await mkdtemp(join(tmpdir(), 'foyer-partition-'))
const [away, near, ...members] = await openNet(5)
if (away === undefined || near === undefined) throw new Error('places were asked for')
const hosts = members.map(({ address }) => `${address}:27017`)
const url = `mongodb://${hosts.join()}/quiz?replicaSet=foyer`

const { path: binary } = await testMongod()
for (const member of members) await startMongodAt(member, { binary, dir })
const direct = new MongoClient(`mongodb://${hosts[0]}/?directConnection=true`, { serverSelectionTimeoutMS: 40_000 })
const config = {
  _id: 'foyer',
  members: hosts.map((host, _id) => ({ _id, host })),
  settings: { electionTimeoutMillis: ELECTION_MS, heartbeatTimeoutSecs: 2 },
}
const initiate = async () => (await direct.db('admin').command({ replSetInitiate: config })).ok === 1
await until(initiate, { what: 'three members that know each other', deadlineMs: 40_000 })
await direct.close()
const soon = { connectTimeoutMS: 1_000, heartbeatFrequencyMS: 1_000 }
const client = new MongoClient(url, { readConcernLevel: 'majority', serverSelectionTimeoutMS: 40_000, ...soon })
const db = client.db()
const primary = async (): Promise<Place> => {
  const at = String((await client.db('admin').command({ hello: 1 }, { timeoutMS: 1_000 })).primary)
  const found = members.find(({ address }) => at.startsWith(`${address}:`))
  if (found === undefined) throw new Error(`${at} is no member`)
  return found
}
await until(primary, { what: 'a primary', deadlineMs: 40_000 })

// For 30 s after a primary is cut off, members report their progress to it in vain (mongod's SyncSourceFeedback), and what a majority has
// is known by heartbeats alone: each write takes as long as these are apart, 2 s, which is more than operations on fast leases may.
const times = scene === 'rollback' ? {} : FAST
const env = { JWT_SECRET, RATE_PER_USER: '0', RATE_PER_ROOM: '0', MONGODB_URL: url, WORKER_CHILDREN: '1', ...times }
// One server and one worker are on the side that is cut off; players reach both servers all the time.
const servers = await Promise.all([near, away].map((place) => spawnAt(place, 'server/main.ts', env)))
const lost = await spawnAt(away, 'worker/main.ts', env)
const lease = (room: string) => db.collection<LeaseDoc>('leases').findOne({ _id: room })
const fleet: QuizFleet = {
  servers,
  workers: [lost],
  addWorker: () => spawnAt(near, 'worker/main.ts', env),
  lease,
  holder: async (room) =>
    until(async () => db.collection<WorkerDoc>('workers').findOne({ _id: (await lease(room))?.holder?.worker ?? '' }), {
      what: 'a holder',
    }),
  person: async (id, server = 0) => ({
    id,
    client: connect({ url: servers[server]?.url ?? '', token: await tokenOf(id) }),
  }),
  [Symbol.asyncDispose]: async () => {},
}
const leases = await recordLeases(db)
const epochs = await recordEpochs(db)
const play = await startPlay({ fleet, db, kinds: PERPETUAL })
await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
const child = epochs.holder(play.ids[0] ?? '') ?? ''
await fleet.addWorker()
const goesOn = async (answers: number) => {
  const aim = play.answers() + answers
  await until(() => play.answers() >= aim, { what: `${answers} answers more`, deadlineMs: 60_000 })
}
await goesOn(5)

const old = await primary()
const others = members.filter((member) => member !== old)
/** The cut, each pair of places once. */
const cut: readonly (readonly [Place, Place | null])[] =
  scene === 'rollback'
    ? [...others.flatMap((other) => [[old, other] as const, [away, other] as const]), [old, near], [old, null]]
    : members.map((member) => [away, member] as const)
const cutAt = Date.now()
const taken = epochs.takeovers(play.ids, 60_000)
for (const [one, other] of cut) await blackhole('add', one, other)
await taken
await goesOn(10)
for (const [one, other] of cut) await blackhole('del', one, other)
const rolledBack = async () => (await readdir(join(dir, old.name))).includes('rollback')
if (scene === 'rollback') await until(rolledBack, { what: 'a rollback', deadlineMs: 60_000 })
const drops = () => lost.logs.filter((line) => line.includes('a lease was lost') && line.includes(child)).length
await until(() => drops() >= play.ids.length, { what: 'it drops its rooms', deadlineMs: 60_000 })
await goesOn(20)
// By the log: a recorder's stream may be on its way to the new primary for longer than anybody else.
const begins = await Promise.all(
  play.ids.map(async (room) => {
    const { lines } = await readLines(db, room)
    const next = lines.find(({ event }) => event.type === 'conductor.started' && event.epoch > 1)
    return (next?.event.at ?? Number.POSITIVE_INFINITY) - cutAt
  }),
)
const moved = play.ids.filter((room) => epochs.holder(room) !== child).length
const faults = [...(await play.judge()), ...leaseFaults(leases.changes)]
process.stdout.write(`${JSON.stringify({ times: begins, moved, faults, isRolledBack: await rolledBack() })}\n`)
await rm(dir, { recursive: true, force: true })
process.exit(0)
