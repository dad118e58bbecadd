import { afterAll } from 'bun:test'
import { buildDemo } from '../../server/demo.ts'
import { drain } from '../../server/drain.ts'
import { parseEnv } from '../../server/env.ts'
import { createFoyer, type Foyer } from '../../server/foyer.ts'
import { createHttp } from '../../server/http.ts'
import { createLog } from '../../server/log.ts'
import { createServices } from '../../server/services.ts'
import { connectStore } from '../../server/store/connect.ts'

export interface ServerOptions {
  /** The database, as `useDatabase` gives it. */
  url: string
  /** Settings over the kit's: development, no rate limits, guests allowed. */
  env?: Record<string, string>
  /** The port to listen on again, after a restart; 0 or absent: any. */
  port?: number
  /** Serve the demo site as well: bundling it takes a second. */
  demo?: boolean
}

/** A whole server inside the test's process, on a port of loopback. */
export interface StartedServer extends AsyncDisposable {
  url: string
  port: number
  foyer: Foyer
  /** What it logged, as JSON lines. */
  logs: readonly string[]
  /** Begins to drain as SIGTERM does; resolves once nothing is open. */
  drain: (deadlineMs?: number) => Promise<void>
  /** Cuts everything at once, as a crash would, and closes the store. */
  stop: () => Promise<void>
}

/** Calls and secrets are not limited unless a test asks for it. */
export const TEST_ENV = { MODE: 'development', RATE_PER_ADDRESS: '0', RATE_PER_SECRET: '0' }

/** A server's domains without the port: for tests that mount their own router. `logs` grows with what it logs. */
export async function openFoyer({ url, env = {} }: Pick<ServerOptions, 'url' | 'env'>) {
  const logs: string[] = []
  const shutdown = new AbortController()
  const store = await connectStore({ url, appName: 'foyer-test', onError: () => {} })
  const log = createLog('test', 'info', { write: (line) => void logs.push(line) })
  const services = await createServices({
    env: parseEnv({ ...TEST_ENV, ...env }),
    log,
    store,
    shutdown: shutdown.signal,
  })
  const foyer = createFoyer(services)
  let closed: Promise<void> | undefined
  const close = () =>
    (closed ??= (async () => {
      shutdown.abort()
      foyer.metrics.stop()
      await foyer.close()
      await store.close()
    })())
  return { foyer, logs, shutdown, close }
}

const left = new Set<() => Promise<void>>()
afterAll(async () => {
  await Promise.all([...left].map((stop) => stop()))
})

/** Starts a server in this process: `await using server = await startServer({ url })`; what is left is stopped at the file's end. */
export async function startServer({ url, env, port = 0, demo = false }: ServerOptions): Promise<StartedServer> {
  const { foyer, logs, shutdown, close } = await openFoyer({ url, ...(env === undefined ? {} : { env }) })
  const { app, socket } = createHttp(foyer, demo ? await buildDemo() : null)
  app.listen({ port, hostname: '127.0.0.1' })
  const listening = app.server?.port
  if (listening === undefined) throw new Error('the server does not listen')
  const stop = async () => {
    left.delete(stop)
    if (app.server !== null) await app.stop(true)
    await close()
  }
  left.add(stop)
  const draining = (deadlineMs = 5_000) =>
    drain({
      server: app,
      shutdown,
      reconnectSockets: socket.reconnectAll,
      closeSockets: socket.closeAll,
      deadlineMs,
      log: foyer.log,
    })
  return {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    foyer,
    logs,
    drain: draining,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
