import { MongoClient } from 'mongodb'
import { startTestMongo } from '../kit/test-mongo.ts'

/** A database of its own on a real MongoDB: on MONGODB_URL where that is set, else on a mongod that lives as long as this. */
export async function benchMongo() {
  const given = process.env.TEST_MONGODB_URL ?? process.env.MONGODB_URL
  const own = given === undefined ? await startTestMongo() : null
  const url = new URL(given ?? own?.url ?? '')
  url.pathname = `/bench-${crypto.randomUUID().slice(0, 8)}`
  // As server/store/connect.ts connects; a bare contender may have as many connections as it has callers.
  const client = await MongoClient.connect(url.href, {
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
    maxPoolSize: 128,
  })
  const db = client.db()
  return {
    url: url.href,
    db,
    mongodPids: own?.pids ?? [],
    [Symbol.asyncDispose]: async () => {
      await db.dropDatabase()
      await client.close()
      await own?.stop()
    },
  }
}
export type BenchMongo = Awaited<ReturnType<typeof benchMongo>>
