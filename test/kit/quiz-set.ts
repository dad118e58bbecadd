import { MongoClient } from 'mongodb'
import type { EventDoc } from '../../server/store/docs.ts'
import { startTestMongo } from './test-mongo.ts'
import { until } from './until.ts'

/** How long the members wait for a primary that is silent (server/dev/replica-set.ts), ms. */
export const ELECTION_MS = 5_000

/** A replica set of three members for one test, with what may happen to it. */
export async function openSet() {
  const mongo = await startTestMongo({ members: 3, parameters: { enableTestCommands: 1 } })
  const client = new MongoClient(mongo.url, { readConcernLevel: 'majority' })
  const db = client.db(`quiz-${crypto.randomUUID().slice(0, 8)}`)
  const admin = client.db('admin')
  const ports = [...mongo.url.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
  const url = mongo.url.replace(/\/foyer\?/, `/${db.databaseName}?`)
  const primary = async (): Promise<number> => {
    const found = await until(async () => (await admin.command({ hello: 1 })).primary, {
      what: 'a primary',
      deadlineMs: 30_000,
    })
    return Number(String(found).split(':')[1])
  }
  return {
    url,
    db,
    primary,
    /** Resolves to the next primary's port. */
    successor: (before: number): Promise<number> =>
      until(
        async () => {
          const now = await primary()
          return now !== before && now
        },
        { what: 'another primary', deadlineMs: 30_000 },
      ),
    stepDown: async (): Promise<void> => {
      const command = { replSetStepDown: 2, secondaryCatchUpPeriodSecs: 1, force: true }
      // Between two elections nobody is there to step down.
      await until(() => admin.command(command).then(() => true), { what: 'a step-down', deadlineMs: 20_000 })
    },
    pid: (port: number): number => mongo.pids[ports.indexOf(port)] ?? 0,
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
