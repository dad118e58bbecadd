import { hostname } from 'node:os'
import { cardsOf } from '../server/decks/cards.ts'
import { within } from '../server/drain.ts'
import type { Env } from '../server/env.ts'
import { createLog } from '../server/log.ts'
import { connectStore } from '../server/store/connect.ts'
import { createConductorMetrics } from './conduct/metrics.ts'
import { type Conductors, runConductors } from './conduct/run.ts'
import type { Faults } from './faults.ts'
import { type FromChild, fromSupervisor } from './ipc.ts'
import { leaseTimesOf } from './lease-times.ts'
import { createChildMetrics } from './metrics.ts'
import { openWorkerQuiz } from './quiz/open.ts'

const BEAT_MS = 1_000
/** How long the hand-over may take, the database being slow, and then what is left to be closed. */
const HAND_OVER_MS = 3_000
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
  /** `id`: no other process ever has it. */
  worker: { id: string; supervisor: string; pid: number }
  link: Link
  faults: Faults
  onStop: (stop: (reason: string) => Promise<void>) => void
  exit: (code: number) => void
}

/** A child of a worker: runs quizconductors until its supervisor wants it to stop, or is gone. */
export async function conduct({ env, worker, link, faults, onStop, exit }: ConductOptions): Promise<void> {
  const log = createLog('worker', env.LOG_LEVEL).child({ worker: worker.id })
  // Until there is something to hand over.
  let end = async (_reason: string): Promise<void> => exit(0)
  let ending: Promise<void> | undefined
  const stop = (reason: string) => (ending ??= end(reason))
  link.onDisconnect(() => void stop('the supervisor is gone'))
  link.onMessage((message) => void (fromSupervisor(message)?.type === 'stop' && stop('told to')))
  onStop(stop)

  const onError = (error: unknown) => log.warn({ err: error }, 'database clock')
  const leaseTimes = leaseTimesOf(env)
  const store = await connectStore({ url: env.MONGODB_URL, appName: 'foyer-conductor', onError, leaseTimes })
  const { registry, ...counters } = createChildMetrics()
  const shutdown = new AbortController()
  const { rooms } = openWorkerQuiz({ store, log, metrics: counters, shutdown: shutdown.signal })
  const { id, supervisor, pid } = worker
  const conductors = runConductors({
    store,
    rooms,
    cards: (deck) => cardsOf(store, deck),
    env,
    log,
    metrics: createConductorMetrics(registry),
    identity: { worker: id, host: hostname(), supervisor, pid },
    ...faults,
  })
  const silence = speak(conductors, { link, series: () => registry.getMetricsAsJSON() })

  end = async (reason) => {
    log.info({ reason, conductors: conductors.size() }, 'hands over')
    await within(HAND_OVER_MS, conductors.stop())
    silence()
    shutdown.abort()
    await within(CLOSE_MS, rooms.close())
    await within(CLOSE_MS, store.close())
    exit(0)
  }
}

/** Tells the supervisor that the loop turns, and its metrics when it asks; until the returned function is called. */
function speak(conductors: Conductors, { link, series }: { link: Link; series: () => Promise<readonly object[]> }) {
  const beat = () => link.send({ type: 'beat', healthy: conductors.healthy(), size: conductors.size() })
  link.onMessage((message) => {
    const asked = fromSupervisor(message)
    if (asked?.type === 'metrics')
      void series().then((all) => link.send({ type: 'metrics', nth: asked.nth, series: all }))
  })
  beat()
  const beating = setInterval(beat, BEAT_MS)
  return () => clearInterval(beating)
}
