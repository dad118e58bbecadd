import { drain, within } from './drain.ts'
import { buildDemo } from './demo.ts'
import { type Env, parseEnv } from './env.ts'
import { createFoyer } from './foyer.ts'
import { createHttp } from './http.ts'
import { announce, createLog } from './log.ts'
import { createServices } from './services.ts'
import { onSignals } from './signals.ts'
import { connectStore } from './store/connect.ts'

async function main(env: Env) {
  const log = createLog('server', env.LOG_LEVEL)
  const shutdown = new AbortController()
  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  const store = await connectStore({ url: env.MONGODB_URL, appName: 'foyer-server', onError })
  const foyer = createFoyer(await createServices({ env, log, store, shutdown: shutdown.signal }))
  const demo = env.MODE === 'development' || env.DEMO === 'on' ? await buildDemo({ log }) : null
  const { app, socket } = createHttp(foyer, demo)
  app.listen({ port: env.PORT, hostname: env.HOST })

  const stop = async (reason: string) => {
    log.info({ reason }, 'stopping')
    await drain({
      server: app,
      shutdown,
      reconnectSockets: socket.reconnectAll,
      closeSockets: socket.closeAll,
      deadlineMs: env.DRAIN_MS,
      log,
    })
    foyer.metrics.stop()
    await within(1_000, foyer.close())
    await store.close()
    log.info('stopped')
    process.exit(0)
  }
  onSignals(process, stop)
  announce(log, { url: `http://localhost:${app.server?.port ?? env.PORT}` })
}

try {
  await main(parseEnv(process.env))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
