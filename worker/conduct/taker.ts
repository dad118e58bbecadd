import type { Log } from '../../server/log.ts'
import { type Candidate, candidateOf, type LeaseStore } from '../../server/store/leases.ts'
import { randomId } from '../../server/secrets.ts'
import type { Passes } from './failpoint.ts'
import type { Holds } from './holds.ts'
import { stampOf, type Ticks } from './lease.ts'
import type { ConductorMetrics } from './metrics.ts'
import { byPreference, firstChoice } from './rendezvous.ts'
import { certain } from './unclear.ts'

/** How long a worker that is not a room's first choice leaves it to others, ms at the most. */
const DEFER_MS = 300
/** Leases that one look finds, and claims that are under way at the same time. */
const MOST = 200
const AT_ONCE = 8
/** A process whose loop is as late takes nothing more on, ms. */
const BUSY_LAG_MS = 500
/** Leases that become wanted together are read together, ms. */
const GATHER_MS = 10

export interface TakerParts {
  leases: LeaseStore
  holds: Pick<Holds, 'add' | 'has' | 'size'>
  identity: { worker: string; host: string }
  times: { leaseMs: number; opMs: number }
  ticks: Ticks
  /** mongod's time. */
  now: () => Date
  /** The processes that take leases now, this one among them. */
  peers: () => readonly string[]
  /** This process has a row, by which it is found lost. */
  isEnrolled: () => boolean
  /** The most conductors that this process runs. */
  capacity: number
  /** How late the event loop is, ms. */
  lag: () => number
  passes: Passes
  metrics: Pick<ConductorMetrics, 'claims' | 'takeoverSeconds'>
  log: Log
}

/** Takes leases that nobody has: each room goes to its first choice if that is quick, else to whoever is. */
export function createTaker(parts: TakerParts) {
  const { leases, holds, identity, times, ticks, metrics, log } = parts
  const taking = new Map<string, Promise<void>>()
  /** Claims whose reply never came, by id: undone until they have run out. Where they are unknown, their rooms are left to others. */
  const unanswered = new Map<string, { room: string; until: number; row: 'unseen' | 'unknown' }>()
  const woken = new Set<string>()
  let gathering: ReturnType<typeof setTimeout> | undefined
  let isStopping = false
  const onError = (error: unknown) => log.warn({ err: error }, 'claims')

  const mayTake = () => !isStopping && parts.isEnrolled()
  const hasRoom = () => mayTake() && holds.size() + taking.size < parts.capacity && parts.lag() < BUSY_LAG_MS

  const isUnclear = (room: string) =>
    [...unanswered.values()].some((claim) => claim.row === 'unknown' && claim.room === room)

  const take = async ({ room, epoch, status, since }: Candidate): Promise<void> => {
    const claim = randomId()
    const sent = stampOf(ticks)
    const given = { room, epoch, ...identity, claim, mayTakeOver: leases.isSettled() }
    const { opMs } = times
    const row = await certain({ leases, room, claim, opMs, isRepeat: false, attempt: () => leases.claim(given) })
    if (row === 'unseen' || row === 'unknown') unanswered.set(claim, { room, until: ticks.mono() + times.leaseMs, row })
    if (row === null || row === 'unseen' || row === 'unknown') {
      metrics.claims.inc({ from: status, outcome: row === 'unknown' ? 'unknown' : 'lost' })
      return
    }
    metrics.claims.inc({ from: status, outcome: 'won' })
    parts.passes('afterClaim')
    metrics.takeoverSeconds.observe(Math.max(0, parts.now().getTime() - since.getTime()) / 1_000)
    log.info({ room, epoch: row.epoch, from: status }, 'lease taken')
    if (isStopping) await leases.release({ room, epoch: row.epoch, worker: identity.worker, to: 'wanted' })
    else holds.add(row, sent)
  }

  const consider = async (candidate: Candidate): Promise<void> => {
    const { room } = candidate
    if (holds.has(room) || taking.has(room) || isUnclear(room) || !hasRoom()) return
    const taken = take(candidate).catch(onError)
    taking.set(room, taken)
    await taken
    taking.delete(room)
  }

  const considerEach = async (candidates: readonly Candidate[]): Promise<void> => {
    for (let i = 0; i < candidates.length; i += AT_ONCE)
      await Promise.all(candidates.slice(i, i + AT_ONCE).map(consider))
  }

  /** Its own at once; those of others, if they are still there after a while. */
  const considerAll = async (candidates: readonly Candidate[]): Promise<void> => {
    const isMine = ({ room }: Candidate) => firstChoice(room, parts.peers()) === identity.worker
    const { mine = [], others = [] } = Object.groupBy(candidates, (each) => (isMine(each) ? 'mine' : 'others'))
    await considerEach(mine)
    if (others.length === 0 || !hasRoom()) return
    await new Promise((go) => setTimeout(go, Math.random() * DEFER_MS))
    const epochs = new Map(others.map(({ room, epoch }) => [room, epoch]))
    const rows = (await leases.ofRooms([...epochs.keys()])).filter(({ _id, epoch }) => epochs.get(_id) === epoch)
    await considerEach(byPreference(rows.map(candidateOf), identity.worker))
  }

  const readWoken = async (): Promise<void> => {
    gathering = undefined
    const rooms = [...woken]
    woken.clear()
    if (!hasRoom()) return
    const rows = await leases.ofRooms(rooms)
    await considerAll(rows.filter(({ status }) => status === 'wanted').map(candidateOf))
  }

  const disown = async (): Promise<void> => {
    for (const [claim, { room, until }] of unanswered) {
      if (ticks.mono() > until) unanswered.delete(claim)
      await leases.disown({ room, claim })
    }
  }

  return {
    /** Looks for leases to take; whether there may be more at once. */
    scan: async (): Promise<boolean> => {
      await disown()
      if (!hasRoom()) return false
      const found = await leases.candidates({ limit: MOST })
      await considerAll(found)
      return found.length === MOST && hasRoom()
    },
    /** A claim for this room is under way. */
    isTaking: (room: string): boolean => taking.has(room),
    /** The lease of this room has become wanted. */
    woken: (room: string): void => {
      woken.add(room)
      gathering ??= setTimeout(() => void readWoken().catch(onError), GATHER_MS)
    },
    /** Takes no more; resolves once no claim is under way. */
    stop: async (): Promise<void> => {
      isStopping = true
      clearTimeout(gathering)
      await Promise.all(taking.values())
    },
    /** It is known what became of each claim. */
    isClear: (): boolean => taking.size === 0 && unanswered.size === 0,
  }
}
export type Taker = ReturnType<typeof createTaker>
