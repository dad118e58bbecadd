// bunfig.toml runs this before the tests of a process. `bun run test` has started MongoDB already; plain `bun test` has not.
import { afterAll, setDefaultTimeout } from 'bun:test'
// Its afterAll belongs to the whole process, not to the first file that uses it.
import './processes.ts'
import { startTestMongo } from './test-mongo.ts'

// Bun's 5 s cut tests off that start processes on a busy machine; a test's own deadlines say more.
setDefaultTimeout(30_000)

// A killed `bun run test` must not leave its tests running.
const parent = Number(process.env.FOYER_TEST_PARENT ?? 0)
if (parent > 0) setInterval(() => process.ppid !== parent && process.exit(1), 500).unref()

const given = process.env.TEST_MONGODB_URL ?? process.env.MONGODB_URL
if (given === undefined) {
  const mongo = await startTestMongo()
  process.env.TEST_MONGODB_URL = mongo.url
  afterAll(async () => {
    delete process.env.TEST_MONGODB_URL
    await mongo.stop()
  })
} else {
  process.env.TEST_MONGODB_URL = given
}
