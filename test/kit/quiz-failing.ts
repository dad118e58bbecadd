import { type Document, MongoClient } from 'mongodb'
import { startTestMongo } from './test-mongo.ts'

/** Whose commands fail: the appName of its connections (server/store/connect.ts, server/store/lease-client.ts). */
export type App = 'foyer-server' | 'foyer-worker' | 'foyer-conductor' | 'foyer-conductor-leases'

/** What mongod does to them: data of its failpoint `failCommand`. */
export interface Failure extends Document {
  failCommands: readonly string[]
  appName: App
}

/** A database of a mongod whose commands fail as a test says: failpoints are a parameter of mongod itself. */
export async function openFailing() {
  const mongo = await startTestMongo({ parameters: { enableTestCommands: 1 } })
  const client = new MongoClient(mongo.url, { readConcernLevel: 'majority' })
  const admin = client.db('admin')
  const name = 'failCommand'
  const configure = async (mode: Document | string, data: Document = {}): Promise<number> =>
    Number((await admin.command({ configureFailPoint: name, mode, data })).count)
  return {
    url: mongo.url,
    db: client.db(),
    /** Commands fail with this probability until it is disposed; resolves once so many have. */
    failing: async (data: Failure, { probability, times }: { probability: number; times: number }) => {
      const before = await configure({ activationProbability: probability }, data)
      const dispose = async () => void (await configure('off'))
      try {
        await admin.command({ waitForFailPoint: name, timesEntered: before + times, maxTimeMS: 20_000 })
      } catch (error) {
        await dispose()
        throw new Error(`${JSON.stringify(data)} did not happen ${times} times`, { cause: error })
      }
      return { [Symbol.asyncDispose]: dispose }
    },
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await mongo.stop()
    },
  }
}
