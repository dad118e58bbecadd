import { within } from '../server/drain.ts'
import type { Env } from '../server/env.ts'
import { createLog } from '../server/log.ts'
import { connectStore } from '../server/store/connect.ts'
import { type FromChild, fromSupervisor } from './ipc.ts'
import { leaseTimesOf } from './lease-times.ts'
import { createChildMetrics } from './metrics.ts'
import { openQuiz } from './quiz/open.ts'

const BEAT_MS = 1_000
/** How long handing over may take, and then what is left to be closed. */
const HAND_OVER_MS = 1_000
const CLOSE_MS = 300

/** The way between a child and its supervisor. */
export interface Link {
  send: (message: FromChild) => void
  onMessage: (listener: (message: unknown) => void) => void
  /** The supervisor is gone. */
  onDisconnect: (listener: () => void) => void
}

export interface ConductOptions {
  env: Env
  worker: { id: string; supervisor: string; pid: number }
  link: Link
  onStop: (stop: (reason: string) => Promise<void>) => void
  exit: (code: number) => void
}

/** A child of a worker: runs quizconductors until its supervisor wants it to stop, or is gone. */
export async function conduct({ env, worker, link, onStop, exit }: ConductOptions): Promise<void> {
  const log = createLog('worker', env.LOG_LEVEL).child({ worker: worker.id })
  const stopping = new AbortController()
  const { signal } = stopping
  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  let stop = async (_reason: string): Promise<void> => exit(0)
  link.onDisconnect(() => void stop('the supervisor is gone'))
  link.onMessage((message) => {
    if (fromSupervisor(message)?.type === 'stop') void stop('told by the supervisor')
  })
  onStop((reason) => stop(reason))
  const store = await connectStore({
    url: env.MONGODB_URL,
    appName: 'foyer-conductor',
    onError,
    leaseTimes: leaseTimesOf(env),
  })
  const metrics = createChildMetrics()
  const { rooms } = openQuiz({ store, log, metrics, shutdown: signal })
  const conductors = { stop: async () => {}, healthy: () => true, size: () => 0 }

  const beat = () => link.send({ type: 'beat', healthy: conductors.healthy(), size: conductors.size() })
  const beating = setInterval(beat, BEAT_MS)
  link.onMessage((message) => {
    const asked = fromSupervisor(message)
    if (asked?.type !== 'metrics') return
    void metrics.registry.getMetricsAsJSON().then((series) => link.send({ type: 'metrics', nth: asked.nth, series }))
  })
  beat()
  log.info('conducts')

  const end = async (reason: string) => {
    log.info({ reason }, 'hands over')
    await within(HAND_OVER_MS, conductors.stop())
    clearInterval(beating)
    stopping.abort()
    await within(CLOSE_MS, rooms.close())
    await within(CLOSE_MS, store.close())
    exit(0)
  }
  let ending: Promise<void> | undefined
  stop = (reason) => (ending ??= end(reason))
}
