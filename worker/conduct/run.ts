import type { Env } from '../../server/env.ts'
import type { Log } from '../../server/log.ts'
import type { QuizRooms } from '../../server/quiz/open.ts'
import type { Store } from '../../server/store/connect.ts'
import { within } from '../../server/drain.ts'
import { loop } from '../loop.ts'
import { type AudienceWatch, createAudienceWatch } from './audience.ts'
import { cardCache, type CardsOf } from './cards.ts'
import { createConductor } from './conductor.ts'
import { type Failpoint, failpointOf } from './failpoint.ts'
import { hearOthers } from './heard.ts'
import { createHolds, type HoldsParts } from './holds.ts'
import { watchLag } from './lag.ts'
import { TICKS, type Ticks } from './lease.ts'
import type { ConductorMetrics } from './metrics.ts'
import { createPeers } from './peers.ts'
import { createStrays } from './strays.ts'
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
const LEAVE_MS = 300
/** Whoever has not come through a turn for so many leases does not turn any more. */
const UNHEALTHY = 2

/**
 * Runs quizconductors in this process (leases-quiz.md 6.5): takes leases that are wanted or whose holder is lost, keeps them, and
 * conducts their rooms by the log, until it is stopped or loses them. Any number of processes may do so on one database.
 */
export function runConductors(options: RunOptions): Conductors {
  const { store, rooms, env, log, metrics, identity, ticks = TICKS } = options
  const onError = (error: unknown) => log.warn({ err: error }, 'conductors')
  const audience = createAudienceWatch({ audience: store.audience, now: store.clock.now, onError })
  const taking = new AbortController()
  const { signal } = taking
  const peers = createPeers({
    workers: store.workers,
    identity,
    renewMs: env.LEASE_RENEW_MS,
    deadlineMs: env.LEASE_MS * DEADLINE,
    ticks,
    onLost: () => holds.doubt(),
    load: () => holds.size(),
    isDraining: () => signal.aborted,
  })
  const holds = createHolds({ ...holdsParts(options, audience), beat: peers.beat })
  const turnedAt = { renew: ticks.mono(), scan: ticks.mono() }

  let renewing: Promise<void> | null = null
  /** One at a time: what hangs is given up in time for another. */
  const renew = (): Promise<void> => {
    renewing ??= holds.renew().finally(() => (renewing = null))
    return renewing
  }
  const lag = watchLag({
    ticks,
    onTick: (ms) => metrics.loopLag.observe(ms / 1_000),
    onStill: (ms) => {
      log.warn({ ms: Math.round(ms), conductors: holds.size() }, 'this process stood still')
      renew().catch(onError)
    },
  })
  const taker = createTaker({
    ...common(options),
    holds,
    identity,
    now: store.clock.now,
    peers: peers.live,
    isEnrolled: peers.isEnrolled,
    capacity: options.capacity ?? CAPACITY,
    lag: lag.recent,
  })

  const enrolled = peers.enroll().then(peers.meet).catch(onError)
  const renewals = loop({
    signal,
    onError,
    everyMs: () => env.LEASE_RENEW_MS * (0.9 + 0.2 * Math.random()),
    turn: () => {
      void enrolled.then(peers.meet).catch(onError)
      return renew()
    },
    // Also in vain: a process is not well without the database, but to end it would make that worse.
    onTurnEnd: () => void (turnedAt.renew = ticks.mono()),
  })
  const scans = loop({
    signal,
    onError,
    everyMs: () => env.LEASE_SCAN_MS * (0.5 + Math.random()),
    turn: async () => {
      // Else the first look would come to nothing.
      await enrolled
      return taker.scan()
    },
    onTurnEnd: () => void (turnedAt.scan = ticks.mono()),
  })
  const isKnown = (room: string) => holds.has(room) || taker.isTaking(room)
  const strays = loop({
    signal,
    onError,
    everyMs: env.LEASE_MS,
    turn: createStrays({ leases: store.leases, worker: identity.worker, isKnown }),
  })
  const hearing = new AbortController()
  const heard = hearOthers({ store, rooms, audience, onError }, hearing.signal)
  const woken = store.watchLeases(signal, { wanted: taker.woken, open: () => {}, gap: onError })

  const leave = async (): Promise<void> => {
    if ((await store.leases.heldBy(identity.worker)).length === 0) await peers.leave()
  }

  const stop = async (): Promise<void> => {
    taking.abort()
    const [isDone] = await Promise.all([holds.handOverAll(), within(env.LEASE_OP_MS, taker.stop())])
    if (!isDone) log.warn({ left: holds.size() }, 'not all conductors were handed over in time')
    hearing.abort()
    lag[Symbol.dispose]()
    // What is left, or comes through later, is found by the row of this process, and much later without one.
    if (isDone && taker.isClear()) await within(LEAVE_MS, enrolled.then(leave))
    await within(LEAVE_MS, Promise.all([renewals, scans, strays, heard, woken]))
  }

  return {
    stop,
    healthy: () => ticks.mono() - Math.min(turnedAt.renew, turnedAt.scan) < UNHEALTHY * env.LEASE_MS,
    size: holds.size,
    rooms: holds.rooms,
  }
}

/** What all parts are given. */
const common = ({ store, env, log, metrics, failpoint, ticks = TICKS }: RunOptions) => ({
  leases: store.leases,
  times: {
    leaseMs: env.LEASE_MS,
    deadlineMs: env.LEASE_MS * DEADLINE,
    opMs: env.LEASE_OP_MS,
    stuckMs: env.LEASE_RENEW_MS,
  },
  ticks,
  passes: failpointOf(failpoint),
  metrics,
  log,
})

function holdsParts(options: RunOptions, audience: AudienceWatch): Omit<HoldsParts, 'beat'> {
  const { store, rooms, env, identity, isFenced = true } = options
  const parts = { ...common(options), rooms, isFenced }
  const { mono } = parts.ticks
  const conducting = {
    ...parts,
    cards: cardCache(options.cards, mono),
    audience,
    now: store.clock.now,
    mono,
    holder: identity.worker,
    dormantMs: env.DORMANT_MS,
  }
  return { ...parts, worker: identity.worker, conduct: (given) => createConductor(conducting, given) }
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
