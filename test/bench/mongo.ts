import { MongoClient } from 'mongodb'
import { startTestMongo } from '../kit/test-mongo.ts'

/**
 * A real MongoDB for a bench: the one at MONGODB_URL where that is set, else a mongod of its own. `database` gives new
 * databases on it, which go with it.
 */
export async function benchMongo() {
  const given = process.env.TEST_MONGODB_URL ?? process.env.MONGODB_URL
  const own = given === undefined ? await startTestMongo() : null
  const base = given ?? own?.url ?? ''
  // As server/store/connect.ts connects; a bare contender may have as many connections as it has callers.
  const client = await MongoClient.connect(base, {
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
    maxPoolSize: 128,
  })
  const names: string[] = []
  const database = () => {
    const name = `bench-${crypto.randomUUID().slice(0, 8)}`
    names.push(name)
    const url = new URL(base)
    url.pathname = `/${name}`
    return { url: url.href, db: client.db(name) }
  }
  const dispose = async () => {
    for (const name of names) await client.db(name).dropDatabase()
    await client.close()
    await own?.stop()
  }
  return { database, [Symbol.asyncDispose]: dispose }
}
export type BenchMongo = Awaited<ReturnType<typeof benchMongo>>
