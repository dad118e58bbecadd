import { MongoClient } from 'mongodb'
import type { RunningMongo } from '../../server/dev/mongo.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { startTestMongo } from './test-mongo.ts'
import { until } from './until.ts'

/** How long the members wait for a primary that is silent (server/dev/replica-set.ts), ms. */
export const ELECTION_MS = 5_000

/** Who takes writes, and since which election. */
export interface Primary {
  port: number
  election: string
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
  return {
    url,
    db,
    primary: hello,
    /** Resolves to the next election's winner, which may be the same member. */
    successor: (before: Primary): Promise<Primary> =>
      until(
        async () => {
          const now = await hello()
          return now.election !== before.election && now
        },
        { what: 'another primary', deadlineMs: 60_000 },
      ),
    /** Resolves once a majority takes writes: that may be later than an election, while a member still follows the old primary. */
    writable: async (): Promise<void> => {
      const write = () => db.collection('probe').insertOne({}, { writeConcern: { w: 'majority' }, timeoutMS: 1_000 })
      await until(() => write().then(() => true), { what: 'a majority', deadlineMs: 60_000 })
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

/** The longest time in which nothing was committed in a room, ms, by the stamps of its log. */
export async function longestGap({ db }: Pick<MongoSet, 'db'>, room: string): Promise<number> {
  const docs = await db
    .collection<EventDoc>('quizEvents')
    .find({ room }, { sort: { seq: 1 } })
    .toArray()
  const times = docs.map(({ at }) => at.getTime())
  return Math.max(0, ...times.map((at, i) => at - (times[i - 1] ?? at)))
}
