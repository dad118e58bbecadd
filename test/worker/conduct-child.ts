// A process that runs conductors, to be killed and stopped. FAILPOINT: where it dies; UNFENCED: the control.
import { Registry } from 'prom-client'
import { announce } from '../../server/log.ts'
import { onSignals } from '../../server/signals.ts'
import { FAILPOINTS } from '../../worker/conduct/failpoint.ts'
import { createConductorMetrics } from '../../worker/conduct/metrics.ts'
import { runConductors } from '../../worker/conduct/run.ts'
import { CARDS, FAST, openProcess } from './conduct-kit.ts'

const { MONGODB_URL = '', FAILPOINT, UNFENCED, WORKER = '' } = process.env
const { log, store, rooms } = await openProcess(MONGODB_URL, FAST)
const at = FAILPOINTS.find((name) => name === FAILPOINT)
const registry = new Registry()
const conductors = runConductors({
  store,
  rooms,
  cards: () => Promise.resolve(CARDS),
  env: FAST,
  log,
  metrics: createConductorMetrics(registry),
  identity: { worker: WORKER, host: 'test', supervisor: 'test', pid: process.pid },
  failpoint: at === undefined ? undefined : { at, die: () => void process.kill(process.pid, 'SIGKILL') },
  isFenced: UNFENCED === undefined,
})
const stop = async () => {
  await conductors.stop()
  await rooms.close()
  await store.close()
  process.exit(0)
}
onSignals(process, stop)
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: async () => new Response(await registry.metrics()) })
announce(log, { url: `http://localhost:${server.port ?? 0}` })
