import { MongoClient } from 'mongodb'
import type { RunningMongo } from '../../server/dev/mongo.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { startTestMongo } from './test-mongo.ts'
import { until } from './until.ts'

/** Who takes writes, and since which election. */
export interface Primary {
  port: number
  election: string
}

/** When no majority took writes: for how long that is depends on chance in an election. Date.now(), ms. */
export interface Outage {
  from: number
  to: number
}

/** A replica set of three members for one test, with what may happen to it. */
export const openSet = async () => watchSet(await startTestMongo({ members: 3 }))

/** The same of one that runs already. It is stopped at the end. */
export async function watchSet(mongo: RunningMongo) {
  const client = new MongoClient(mongo.url, {
    readConcernLevel: 'majority',
    // A member that is stopped is found out soon.
    connectTimeoutMS: 1_000,
    heartbeatFrequencyMS: 1_000,
  })
  const db = client.db(`quiz-${crypto.randomUUID().slice(0, 8)}`)
  const admin = client.db('admin')
  const ports = [...mongo.url.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
  const url = mongo.url.replace(/\/foyer\?/, `/${db.databaseName}?`)
  const hello = (): Promise<Primary> =>
    until(
      async () => {
        const { primary, electionId } = await admin.command({ hello: 1 }, { timeoutMS: 1_000 })
        return typeof primary === 'string' && { port: Number(primary.split(':')[1]), election: String(electionId) }
      },
      { what: 'a primary', deadlineMs: 30_000 },
    )
  const writable = async (): Promise<void> => {
    const write = () => db.collection('probe').insertOne({}, { writeConcern: { w: 'majority' }, timeoutMS: 1_000 })
    await until(() => write().then(() => true), { what: 'a majority', deadlineMs: 60_000 })
  }
  const outages: Outage[] = []
  return {
    url,
    db,
    primary: hello,
    outages,
    /** Does what leads to an election; resolves once a majority takes writes under another primary: a member may follow the old one for a while. */
    outage: async (act: () => unknown): Promise<void> => {
      const before = await hello()
      const from = Date.now()
      await act()
      await until(async () => (await hello()).election !== before.election, {
        what: 'another primary',
        deadlineMs: 60_000,
      })
      await writable()
      outages.push({ from, to: Date.now() })
    },
    stepDown: async (): Promise<void> => {
      const command = { replSetStepDown: 2, secondaryCatchUpPeriodSecs: 1, force: true }
      // Between two elections nobody is there to step down.
      await until(() => admin.command(command).then(() => true), { what: 'a step-down', deadlineMs: 20_000 })
    },
    pid: ({ port }: Primary): number => mongo.pids[ports.indexOf(port)] ?? 0,
    ports,
    [Symbol.asyncDispose]: async () => {
      for (const pid of mongo.pids) resume(pid)
      await client.close()
      await mongo.stop()
    },
  }
}
export type MongoSet = Awaited<ReturnType<typeof openSet>>

/** It is gone if it was killed. */
function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    return
  }
}

/** The longest time in which nothing was committed in a room though it could have been, ms, by the stamps of its log. */
export async function longestGap({ db, outages }: Pick<MongoSet, 'db' | 'outages'>, room: string): Promise<number> {
  const docs = await db
    .collection<EventDoc>('quizEvents')
    .find({ room }, { sort: { seq: 1 } })
    .toArray()
  const times = docs.map(({ at }) => at.getTime())
  const within =
    (since: number, at: number) =>
    ({ from, to }: Outage) =>
      Math.max(0, Math.min(at, to) - Math.max(since, from))
  return Math.max(
    0,
    ...times.map((at, i) => {
      const since = times[i - 1] ?? at
      return at - since - outages.map(within(since, at)).reduce((sum, ms) => sum + ms, 0)
    }),
  )
}
