import { within } from '../../server/drain.ts'
import type { Log } from '../../server/log.ts'
import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import type { LeaseStore } from '../../server/store/leases.ts'
import type { QuizRooms } from '../../server/quiz/open.ts'
import { randomId } from '../../server/secrets.ts'
import { slots } from '../../server/slots.ts'
import type { Conductor, Over } from './conductor.ts'
import type { Passes } from './failpoint.ts'
import { HeldLease, type Sent, stampOf, type Ticks } from './lease.ts'
import type { ConductorMetrics } from './metrics.ts'
import { certain, limited } from './unclear.ts'

/** Leases that are taken anew at once: each has its time from when it is sent, and not in a queue. */
const RECLAIMED_AT_ONCE = 500
/** How long the whole hand-over takes at the most, ms: what is left would be found lost, an evanescent room for good. */
const HAND_OVER_MS = 2_000

export interface HoldsParts {
  leases: LeaseStore
  /** The heartbeat that stands for all leases of this process. If it came too late for them, `doubt` is called before the next. */
  beat: () => Promise<void>
  rooms: Pick<QuizRooms, 'read'>
  worker: string
  times: HoldTimes
  ticks: Ticks
  conduct: (options: { room: string; onProgress: () => void; onOver: (why: Over) => void }) => Conductor
  passes: Passes
  isFenced: boolean
  metrics: Pick<ConductorMetrics, 'conductors' | 'selfFences' | 'claims'>
  log: Log
}

export interface HoldTimes {
  /** After how long without a renewal a holder stands still: less than the lease, ms. */
  deadlineMs: number
  /** How long one operation may take, ms. */
  opMs: number
  /** A conductor that has waited for one thing for longer is not renewed: another process may do better. */
  stuckMs: number
}

interface Hold {
  lease: HeldLease
  conductor: Conductor
  /** When its row was last renewed or taken, by the monotonic clock. */
  rowAt: number
  /** It stands still: counted once. */
  isFrozen: boolean
  /** The claim of a re-claim that is under way: the same until its outcome is known. */
  next: string | null
}

/** The leases that this process holds, each with its conductor. */
export function createHolds(parts: HoldsParts) {
  const { leases, worker, times, ticks, metrics, log } = parts
  const holds = new Map<string, Hold>()
  const inSlot = slots(RECLAIMED_AT_ONCE)
  const reclaiming = new Set<Hold>()
  const count = () => metrics.conductors.set(holds.size)
  const onError = (error: unknown) => log.warn({ err: error }, 'leases')

  /** A lease was claimed by a request that was sent then. */
  const add = (row: LeaseDoc, sent: Sent): void => {
    const { _id: room, epoch, crash } = row
    const lease = new HeldLease({ epoch, claim: row.holder?.claim ?? '', sent, deadlineMs: times.deadlineMs, ticks })
    let isProven = crash.count === 0
    const conductor = parts.conduct({
      room,
      onProgress: () => {
        if (isProven) return
        isProven = true
        leases.progressed({ room, epoch: hold.lease.epoch, worker }).catch(onError)
      },
      onOver: (why) => void over(room, hold, why).catch(onError),
    })
    const hold: Hold = { lease, conductor, rowAt: sent.mono, isFrozen: false, next: null }
    holds.set(room, hold)
    count()
    conductor.begin(lease)
  }

  const remove = (room: string, hold: Hold): void => {
    if (holds.get(room) === hold) holds.delete(room)
    hold.lease.lose()
    hold.conductor.stop()
    count()
  }

  /** The lease follows what the log says. */
  const over = async (room: string, hold: Hold, why: Over): Promise<void> => {
    const { epoch } = hold.lease
    remove(room, hold)
    log.debug({ room, epoch, why }, 'conductor over')
    // What fails for no reason that is known is left to expire, so that it counts as a crash.
    if (why === 'failed') return leases.gaveUp({ room, epoch, worker })
    if (why === 'ended') return leases.off({ room, ended: true })
    await leases.release({ room, epoch, worker, to: why === 'stale' ? 'wanted' : 'released' })
    if (why === 'dormant') return
    // A new conductor may be wanted by now; and a lease whose epoch is behind the log's catches up.
    const state = await parts.rooms.read(room)
    if (state === null || state.ended !== null || state.conductor.payload === null) return
    await leases.want({ room, kind: state.kind, epoch: state.conductor.epoch })
  }

  /** Another has it: proof of a newer epoch. */
  const lost = (room: string): void => {
    const hold = holds.get(room)
    if (hold === undefined || !parts.isFenced) return
    log.info({ room, epoch: hold.lease.epoch }, 'a lease was lost')
    remove(room, hold)
  }

  /** Takes a lease anew under the next epoch, after it was not renewed in time: with what the conductor remembers of the log. */
  const reclaim = async (room: string, hold: Hold): Promise<void> => {
    const { epoch, claim } = hold.lease
    const isRepeat = hold.next !== null
    const next = hold.next ?? randomId()
    hold.next = next
    const sent = stampOf(ticks)
    const row = await certain({
      leases,
      room,
      claim: next,
      opMs: times.opMs,
      isRepeat,
      attempt: () => leases.reclaim({ room, epoch, worker, claim, next }),
    })
    if (row === 'unknown' || holds.get(room) !== hold) return
    const isLost = row === null || row === 'unseen'
    metrics.claims.inc({ from: 'own', outcome: isLost ? 'lost' : 'won' })
    if (isLost) return lost(room)
    hold.lease = new HeldLease({ epoch: row.epoch, claim: next, sent, deadlineMs: times.deadlineMs, ticks })
    hold.next = null
    hold.rowAt = sent.mono
    hold.isFrozen = false
    hold.conductor.begin(hold.lease)
  }

  const busyMs = ({ conductor }: Hold) => ticks.mono() - (conductor.busySince() ?? ticks.mono())
  const isStuck = (hold: Hold) => busyMs(hold) > times.stuckMs
  /** So long that its lease, which is not renewed, has run out. */
  const isStuckForLong = (hold: Hold) => busyMs(hold) > times.stuckMs + times.deadlineMs

  /** Those that stand still since their lease was not renewed in time. */
  const frozen = (): [string, Hold][] => {
    const found = [...holds].filter(([, { lease }]) => !lease.isValid())
    for (const [, hold] of found) {
      if (!hold.isFrozen) metrics.selfFences.inc()
      hold.isFrozen = true
    }
    return found
  }

  /**
   * Renews the leases of all conductors that are well, by one heartbeat, and now and then their rows in one update; takes those anew
   * that were not renewed in time.
   */
  const renew = async (): Promise<void> => {
    const late = new Map(frozen())
    const well = [...holds].filter(([room, hold]) => !late.has(room) && !isStuck(hold))
    const sent = stampOf(ticks)
    await limited(parts.beat(), times.opMs)
    const kept = await renewRows(
      well.filter(([, { rowAt }]) => sent.mono - rowAt >= leases.rowDueMs),
      sent,
    )
    const gone = new Set([...kept.lost, ...kept.expired])
    for (const [room, hold] of well) if (!gone.has(room)) renewed(hold, sent)
    for (const room of kept.lost) lost(room)
    for (const [room, hold] of well) if (kept.expired.includes(room)) late.set(room, hold)
    await giveUp([...holds].filter(([, hold]) => isStuckForLong(hold)))
    for (const [room, hold] of late) if (!isStuck(hold)) reclaimSoon(room, hold)
    await forget([...late].filter(([, hold]) => isStuck(hold)))
  }

  const renewRows = async (due: readonly [string, Hold][], { mono }: Sent) => {
    const kept = await limited(leases.renew({ worker, rooms: due.map(([room]) => room) }), times.opMs)
    for (const [, hold] of due) hold.rowAt = mono
    return kept
  }

  /** The heartbeat of a process that lives says nothing of them. */
  const giveUp = async (stuck: readonly [string, Hold][]): Promise<void> => {
    if (stuck.length > 0) await limited(leases.lapse({ worker, rooms: stuck.map(([room]) => room) }), times.opMs)
  }

  /** Beside the renewals: were these to wait for it, the next ones would be late as well. */
  const reclaimSoon = (room: string, hold: Hold): void => {
    if (reclaiming.has(hold)) return
    reclaiming.add(hold)
    const again = async () => {
      if (holds.get(room) === hold && !hold.lease.isValid()) await reclaim(room, hold)
    }
    void inSlot(again)
      .catch(onError)
      .finally(() => reclaiming.delete(hold))
  }

  /** A conductor that is stuck is dropped once another has its room. */
  const forget = async (stuck: readonly [string, Hold][]): Promise<void> => {
    if (stuck.length === 0) return
    const rows = await limited(leases.ofRooms(stuck.map(([room]) => room)), times.opMs)
    const claims = new Map(rows.map((row) => [row._id, row.holder?.claim]))
    for (const [room, { lease, next }] of stuck) {
      const claim = claims.get(room)
      if (claim !== lease.claim && claim !== next) lost(room)
    }
  }

  const renewed = (hold: Hold, sent: Sent): void => {
    const { lease, conductor } = hold
    const wasValid = lease.isValid()
    lease.renewed(sent)
    // It may have stood still while the reply was on its way.
    if (!wasValid && lease.isValid()) conductor.begin(lease)
  }

  const handOver = async (room: string, hold: Hold): Promise<void> => {
    const { epoch } = hold.lease
    await hold.conductor.handOver()
    parts.passes('midRelease')
    await leases.release({ room, epoch, worker, to: 'wanted' })
    remove(room, hold)
  }

  return {
    add,
    renew,
    /** This process was lost: others may have taken its leases. Each row is looked at before it counts as renewed again. */
    doubt: () => {
      for (const hold of holds.values()) hold.rowAt = Number.NEGATIVE_INFINITY
    },
    has: (room: string) => holds.has(room),
    size: () => holds.size,
    rooms: () => [...holds.keys()],
    /**
     * SIGTERM: all conductors stop at once, then each is left to the next process: first in the log, then its lease. Whether all were;
     * a lease that was being taken anew may yet come through.
     */
    handOverAll: async (): Promise<boolean> => {
      const all = [...holds]
      for (const [, { conductor }] of all) conductor.stop()
      await within(HAND_OVER_MS, Promise.all(all.map(([room, hold]) => handOver(room, hold).catch(onError))))
      return holds.size === 0 && all.every(([, { next }]) => next === null)
    },
  }
}
export type Holds = ReturnType<typeof createHolds>
