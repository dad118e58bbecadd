import { spawnServer, spawnWorker } from './processes.ts'
import { startTestMongo } from './test-mongo.ts'

export { until } from './until.ts'

export interface StartOptions {
  /** A replica set that runs already; absent: a temporary one is started (README, "MongoDB"). */
  mongoUrl?: string
  /** Settings on top of the kit's: loopback, any port, development, no rate limits. */
  env?: Record<string, string>
}

/** A whole Foyer for one test or test file. */
export interface TestFoyer extends AsyncDisposable {
  /** What `connect({ url })`, `meet`, `hostSession` and `joinSession` take. */
  url: string
  mongoUrl: string
  stop(): Promise<void>
}

/**
 * Starts a real Foyer for the tests of a frontend or an integrator's backend, under `bun test`: MongoDB, a server and a
 * worker, each its own process, on free loopback ports. `await using foyer = await startFoyer()` stops it at the scope's end.
 */
export async function startFoyer({ mongoUrl, env = {} }: StartOptions = {}): Promise<TestFoyer> {
  const mongo = mongoUrl === undefined ? await startTestMongo() : { url: mongoUrl, stop: async () => {} }
  try {
    const options = { url: mongo.url, env }
    const [server, worker] = await Promise.all([spawnServer(options), spawnWorker(options)])
    const stop = async () => {
      await Promise.all([server.stop(), worker.stop()])
      await mongo.stop()
    }
    return { url: server.url, mongoUrl: mongo.url, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await mongo.stop()
    throw error
  }
}
