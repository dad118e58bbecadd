import type { Env } from '../../server/env.ts'
import type { Log } from '../../server/log.ts'
import type { QuizRooms } from '../../server/quiz/open.ts'
import type { Store } from '../../server/store/connect.ts'
import { within } from '../../server/drain.ts'
import { pause } from '../loop.ts'
import { createAudienceWatch } from './audience.ts'
import { cardCache, type CardsOf } from './cards.ts'
import { createConductor } from './conductor.ts'
import { type Failpoint, failpointOf } from './failpoint.ts'
import { createHolds } from './holds.ts'
import { watchLag } from './lag.ts'
import { TICKS, type Ticks } from './lease.ts'
import type { ConductorMetrics } from './metrics.ts'
import { createTaker } from './taker.ts'

/** The settings of a process that runs conductors. */
export type ConductorEnv = Pick<
  Env,
  'LEASE_MS' | 'LEASE_RENEW_MS' | 'LEASE_OP_MS' | 'LEASE_GRACE_MS' | 'LEASE_SCAN_MS' | 'DORMANT_MS'
>

/** Who runs them. */
export interface Identity {
  /** An id that no other process ever has. */
  worker: string
  host: string
  /** The process that started this one. */
  supervisor: string
  pid?: number | undefined
}

export interface RunOptions {
  store: Pick<Store, 'leases' | 'workers' | 'watchLeases' | 'watch' | 'audience' | 'clock'>
  /** The log of quiz rooms, as this process opened it; the change stream is read here. */
  rooms: QuizRooms
  cards: CardsOf
  env: ConductorEnv
  log: Log
  metrics: ConductorMetrics
  identity: Identity
  /** The most conductors that it runs; absent: 5,000. */
  capacity?: number | undefined
  /** Where the process dies, for tests of faults. */
  failpoint?: Failpoint | undefined
  /** false: a control for such tests, which have to fail with it. Never looks at its lease, and acts under whatever epoch the log has. */
  isFenced?: boolean | undefined
  ticks?: Ticks | undefined
}

const CAPACITY = 5_000
/** A holder stands still after this part of a lease without a renewal: leases-quiz.md 6.2. */
const DEADLINE = 2 / 3
/** What is left of a clean end after the hand-over, ms. */
const LEAVE_MS = 500
/** Workers that have not been heard of for so many renewals are not counted with. */
const MISSED = 3

/**
 * Runs quizconductors in this process (leases-quiz.md 6.5): takes leases that are wanted or whose holder is lost, keeps them, and
 * conducts their rooms by the log, until it is stopped or loses them. Any number of processes may do so on one database.
 */
export function runConductors(options: RunOptions): Conductors {
  const { store, rooms, env, log, metrics, identity, capacity = CAPACITY, isFenced = true, ticks = TICKS } = options
  const { leases, workers, clock } = store
  const { worker } = identity
  const stopping = new AbortController()
  const { signal } = stopping
  const onError = (error: unknown) => log.warn({ err: error }, 'conductors')
  const passes = failpointOf(options.failpoint)
  const times = {
    leaseMs: env.LEASE_MS,
    deadlineMs: env.LEASE_MS * DEADLINE,
    opMs: env.LEASE_OP_MS,
    stuckMs: env.LEASE_RENEW_MS,
  }
  let peers: readonly string[] = [worker]
  const turnedAt = { renew: ticks.mono(), scan: ticks.mono() }

  const audience = createAudienceWatch({ audience: store.audience, now: clock.now, onError })
  const conducting = {
    rooms,
    cards: cardCache(options.cards, ticks.mono),
    audience,
    now: clock.now,
    mono: ticks.mono,
    holder: worker,
    dormantMs: env.DORMANT_MS,
    passes,
    isFenced,
    metrics,
    log,
  }
  const holds = createHolds({
    leases,
    rooms,
    worker,
    times,
    ticks,
    conduct: (given) => createConductor(conducting, given),
    passes,
    isFenced,
    metrics,
    log,
  })
  const lag = watchLag({
    ticks,
    onTick: (ms) => metrics.loopLag.observe(ms / 1_000),
    onStill: (ms) => {
      log.warn({ ms: Math.round(ms), conductors: holds.size() }, 'this process stood still')
      void renew().catch(onError)
    },
  })
  const taker = createTaker({
    leases,
    holds,
    identity,
    times,
    ticks,
    now: clock.now,
    peers: () => peers,
    capacity,
    lag: lag.recent,
    passes,
    metrics,
    log,
  })

  let renewing: Promise<void> | null = null
  /** One at a time: a renewal that hangs is given up in time for another. */
  const renew = (): Promise<void> => {
    renewing ??= holds.renew().finally(() => (renewing = null))
    return renewing
  }

  const meet = async (): Promise<void> => {
    await workers.renew({ worker, load: holds.size(), draining: signal.aborted })
    const live = await workers.list({ withinMs: MISSED * env.LEASE_RENEW_MS })
    peers = [worker, ...live.filter((row) => !row.draining && row._id !== worker).map((row) => row._id)]
  }

  const renewals = turns({
    signal,
    onError,
    pauseMs: () => env.LEASE_RENEW_MS * (0.9 + 0.2 * Math.random()),
    turn: async () => {
      void meet().catch(onError)
      // Also in vain: a process is not well without the database, but to end it would make that worse.
      await renew().finally(() => (turnedAt.renew = ticks.mono()))
      return false
    },
  })
  const scans = turns({
    signal,
    onError,
    pauseMs: () => env.LEASE_SCAN_MS * (0.5 + Math.random()),
    turn: () => taker.scan().finally(() => (turnedAt.scan = ticks.mono())),
  })
  const { host, supervisor, pid = 0 } = identity
  const enrolled = workers.enroll({ worker, host, supervisor, pid }).then(meet).catch(onError)
  const reread = () => {
    rooms.reread()
    audience.reload().catch(onError)
  }
  const gap = (error: unknown) => (onError(error), reread())
  const insert = (inserted: Parameters<Parameters<Store['watch']>[1]['insert']>[0]) => {
    if (inserted.kind === 'quiz') rooms.arrived(inserted.doc)
    else if (inserted.kind === 'audience') audience.arrived(inserted.doc)
  }
  const ended = new AbortController()
  const streams = [
    store.watch(ended.signal, { open: reread, insert, gap }, ['quizEvents', 'audience']),
    store.watchLeases(signal, { wanted: taker.woken, open: () => {}, gap: onError }),
  ]

  const stop = async (): Promise<void> => {
    stopping.abort()
    const [isDone] = await Promise.all([holds.handOverAll(), within(times.opMs, taker.stop())])
    if (!isDone) log.warn({ left: holds.size() }, 'not all conductors were handed over in time')
    ended.abort()
    lag[Symbol.dispose]()
    await within(
      LEAVE_MS,
      enrolled.then(() => workers.leave(worker)),
    )
    await within(LEAVE_MS, Promise.all([renewals, scans, ...streams]))
  }

  const longestMs = 2 * env.LEASE_MS
  return {
    stop,
    healthy: () => ticks.mono() - Math.min(turnedAt.renew, turnedAt.scan) < longestMs,
    size: holds.size,
    rooms: holds.rooms,
  }
}

export interface Conductors {
  /** SIGTERM: takes no more, and hands over what it has, within about a second. */
  stop: () => Promise<void>
  /** Whether it still renews leases and looks for others. */
  healthy: () => boolean
  /** How many conductors it runs. */
  size: () => number
  rooms: () => string[]
}

interface Turns {
  signal: AbortSignal
  onError: (error: unknown) => void
  pauseMs: () => number
  /** Whether the next one follows at once. */
  turn: () => Promise<boolean>
}

/** Turns one after the other, with pauses that differ, so that processes do not act in step. */
async function turns({ signal, onError, pauseMs, turn }: Turns): Promise<void> {
  while (!signal.aborted) {
    const isMore = await turn().catch((error: unknown) => (onError(error), false))
    if (!isMore) await pause(pauseMs(), signal)
  }
}
