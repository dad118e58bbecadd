import type { Collection, Filter } from 'mongodb'
import type { QuizKind } from '../../shared/quiz/state.ts'
import type { LeaseDoc, WorkerDoc } from './docs-quiz.ts'
import { gather } from './gather.ts'
import {
  abandonPipeline,
  claimPipeline,
  disownPipeline,
  isPast,
  offPipeline,
  reclaimPipeline,
  releasePipeline,
  renewPipeline,
  wantPipeline,
} from './lease-pipelines.ts'
import { leaseLosses } from './lease-losses.ts'
import { slots } from '../slots.ts'
import { isDuplicateKey } from './sink.ts'

/** Times of leases, ms (leases-quiz.md 6.2). All processes on a database have the same. */
export interface LeaseTimes {
  /** How long a lease lives without a renewal. */
  leaseMs: number
  /** How long its row lives without a renewal of its own, while its worker's heartbeat goes on; absent: as long as the lease. */
  rowMs?: number | undefined
  /** How much longer others wait before they take it over. */
  graceMs: number
  /** How long one operation may take. */
  opMs: number
  /** An evanescent conductor that nobody has claimed for this long never comes. */
  neverStartedMs: number
  /**
   * How long a process that begins takes nothing over: an election may just have been, after which holders have the first chance, and
   * whoever was not there cannot know. Absent: 0.
   */
  startHoldMs?: number | undefined
}

/** What a store of leases sees beside its rows. */
export interface LeaseWorld {
  /** mongod's time, estimated: it only narrows what is looked at, and every decision is by `$$NOW`. */
  now: () => Date
  /** false for one lease after a new primary was seen: holders may not have been able to renew, and have the first chance. */
  isSettled: () => boolean
  /** The processes that are lost, whose leases are free from then on; absent: leases run out by themselves. */
  findLost?: (() => Promise<readonly WorkerDoc[]>) | undefined
}

/** A lease that may be claimed now, if its epoch is still this. */
export interface Candidate {
  room: string
  kind: QuizKind
  epoch: number
  status: LeaseDoc['status']
  /** Since when nobody conducts: it was wanted, or last renewed. mongod's clock. */
  since: Date
}

/** An evanescent room whose conductor is lost, or never came, as far as its lease knows; its log has the last word (`reap`). */
export interface LostLease {
  room: string
  /** The lease's. The epoch of a `reap` is the one that the log's state has. */
  epoch: number
  reason: 'conductor-lost' | 'never-started'
}

export interface Mine {
  room: string
  epoch: number
  worker: string
}

/** `claim`: the one that is held; `next`: the one that it is to be held by. */
export interface Reclaim extends Mine {
  claim: string
  next: string
}

export interface Release extends Mine {
  to: 'wanted' | 'released'
}

/** Leases that become wanted at once: fewer than there are connections, since nobody waits long for one of these. */
const WANTED_AT_ONCE = 4

const EVANESCENT: QuizKind = 'GroupEvanescent'
const STATUSES = ['wanted', 'held', 'released', 'failed', 'ended'] as const

/**
 * Who runs which conductor (leases-quiz.md 6, room-log.md 15): one row a room. Each operation is one conditional update by mongod's own
 * clock; what is unclear may be repeated, or read back by `readBack`. That two never conduct at once is the log's epoch's doing, and
 * this is what keeps them from trying.
 */
export function leaseStore(leases: Collection<LeaseDoc>, times: LeaseTimes, world: LeaseWorld) {
  const { now, isSettled } = world
  const { leaseMs, rowMs = leaseMs, graceMs, opMs, neverStartedMs } = times
  const { freeLost, lapse, progressed, gaveUp, heldBy } = leaseLosses(leases, leaseMs, world)
  const inSlot = slots(WANTED_AT_ONCE)
  const before = (ms: number) => new Date(now().getTime() - ms)

  /**
   * The room's log has a conductor: the lease is free to be claimed, if nobody holds it. `epoch`: the log's, so that the lease's is never
   * below. A perpetual one is revived whenever this is called; an evanescent one never once it was held or ended; `failed` stays so.
   */
  const want = ({ room, kind, epoch }: { room: string; kind: QuizKind; epoch: number }): Promise<void> =>
    inSlot(async () => {
      const upsert = () => leases.updateOne({ _id: room }, wantPipeline({ kind, epoch }), { upsert: true })
      // Two that make the row at the same time: the second one finds it.
      await upsert().catch((error: unknown) => (isDuplicateKey(error) ? upsert() : Promise.reject(error)))
    })

  /** The room's log has no conductor any more; `ended`: and will have none. An evanescent one is ended in both cases. */
  const off = async ({ room, ended }: { room: string; ended: boolean }): Promise<void> => {
    await leases.updateOne({ _id: room }, offPipeline(ended))
  }

  /** Leases to claim now, at most so many: wanted, failed whose time has come, and of lost holders (perpetual kinds only). */
  const candidates = async ({ limit }: { limit: number }): Promise<Candidate[]> => {
    const free: Filter<LeaseDoc>[] = [{ status: 'wanted' }, { status: 'failed', 'crash.notBefore': { $lte: now() } }]
    const expired: Filter<LeaseDoc> = { status: 'held', expiresAt: { $lt: before(graceMs) }, kind: { $ne: EVANESCENT } }
    const found = await leases.find({ $or: isSettled() ? [...free, expired] : free }, { limit }).toArray()
    return (await freeLost()) ? candidates({ limit }) : found.map(candidateOf)
  }

  /**
   * Takes a lease, if its epoch is still the one that was seen: the row, held under the next epoch. null: another one was quicker, it is
   * held, or it crashed too often lately and is `failed` from now on. `mayTakeOver`: also from a holder that has not renewed.
   */
  const claim = async (
    given: Mine & { claim: string; host: string; mayTakeOver: boolean },
  ): Promise<LeaseDoc | null> => {
    const { room: _id, epoch, mayTakeOver } = given
    const isExpired = { $lt: [{ $add: ['$expiresAt', graceMs] }, '$$NOW'] }
    const isFree = { $in: ['$status', ['wanted', 'failed']] }
    const taken = await leases.findOneAndUpdate(
      {
        _id,
        epoch,
        desired: 'on',
        $or: [
          { status: { $in: ['wanted', 'failed'] } },
          ...(mayTakeOver ? [{ status: 'held' as const, kind: { $ne: EVANESCENT } }] : []),
        ],
        // What has no date sorts before every date.
        $expr: { $and: [{ $lte: ['$crash.notBefore', '$$NOW'] }, { $or: [isFree, isExpired] }] },
      },
      claimPipeline({ ...given, leaseMs: rowMs }),
      { returnDocument: 'after' },
    )
    return taken?.holder?.claim === given.claim ? taken : null
  }

  /** Many at once leave together: after an outage a process takes thousands anew, and one by one the first would lapse meanwhile. */
  const reclaims = gather<Reclaim, LeaseDoc | null>(async (all) => {
    const each = all.map(({ room: _id, epoch, worker, claim: old, next }) => {
      const filter = { _id, epoch, status: 'held' as const, 'holder.worker': worker, 'holder.claim': old }
      return { updateOne: { filter, update: reclaimPipeline({ next, leaseMs: rowMs }) } }
    })
    await leases.bulkWrite(each, { ordered: false })
    const rows = await leases.find({ _id: { $in: all.map(({ room }) => room) } }).toArray()
    const taken = new Map(rows.map((row) => [row.holder?.claim, row]))
    return all.map(({ next }) => taken.get(next) ?? null)
  })

  /** The same process takes its lease anew under the next epoch, whatever its expiry and kind; null: it is another's by now. */
  const reclaim = (given: Reclaim): Promise<LeaseDoc | null> => reclaims(given)

  /**
   * Renews all at once. `lost`: they are another's, or nobody's. `expired`: still this worker's, but too late to be renewed; `reclaim`
   * takes them anew.
   */
  const renew = async ({ worker, rooms }: { worker: string; rooms: readonly string[] }) => {
    const kept = { lost: new Array<string>(), expired: new Array<string>() }
    if (rooms.length === 0) return kept
    const _id = { $in: [...rooms] }
    const isAlive = { $gt: ['$expiresAt', '$$NOW'] }
    const { matchedCount } = await leases.updateMany(
      { _id, 'holder.worker': worker, status: 'held', $expr: isAlive },
      renewPipeline(rowMs),
    )
    if (matchedCount === rooms.length) return kept
    const mine = await leases
      .find({ _id, 'holder.worker': worker, status: 'held' })
      .project<{ _id: string; isAlive: boolean }>({ isAlive })
      .toArray()
    const known = new Map(mine.map((row) => [row._id, row.isAlive]))
    for (const room of rooms) {
      if (!known.has(room)) kept.lost.push(room)
      else if (known.get(room) === false) kept.expired.push(room)
    }
    return kept
  }

  /** Many at once leave together: a process that ends gives all of its leases back within a second. */
  const releases = gather<Release, void>(async (all) => {
    const each = all.map(({ room: _id, epoch, worker, to }) => {
      const filter = { _id, epoch, status: 'held' as const, 'holder.worker': worker }
      return { updateOne: { filter, update: releasePipeline(to) } }
    })
    await leases.bulkWrite(each, { ordered: false })
    return all.map(() => undefined)
  })

  /**
   * Gives a lease back, if it is this worker's under this epoch: to the next one (`wanted`), or because nobody is there (`released`;
   * perpetual kinds only).
   */
  const release = ({ room, epoch, worker, to }: Release): Promise<void> => releases({ room, epoch, worker, to })

  /** Undoes a claim whose outcome is unknown, if it was made. */
  const disown = async ({ room: _id, claim: made }: { room: string; claim: string }): Promise<void> => {
    await leases.updateOne({ _id, status: 'held', 'holder.claim': made }, disownPipeline())
  }

  /**
   * What a process held that has died, by who saw that: perpetual leases are wanted again under the next epoch, which counts as a
   * crash; evanescent ones are told, to be reaped by their log.
   */
  const releaseAll = async ({
    worker,
  }: {
    worker: string
  }): Promise<{ evanescent: { room: string; epoch: number }[] }> => {
    const held = { 'holder.worker': worker, status: 'held' as const }
    await leases.updateMany({ ...held, kind: { $ne: EVANESCENT } }, abandonPipeline())
    const rows = await leases.find({ ...held, kind: EVANESCENT }).toArray()
    return { evanescent: rows.map(({ _id: room, epoch }) => ({ room, epoch })) }
  }

  /** Evanescent rooms to reap, at most so many; none for one lease after an election. */
  const lost = async ({ limit }: { limit: number }): Promise<LostLease[]> => {
    // There is no way back from what follows, so that mongod's own clock has the last word here, too.
    const past = (field: 'expiresAt' | 'wantedAt', ms: number) => ({
      [field]: { $lt: before(ms) },
      ...isPast(field, ms),
    })
    const isLost: Filter<LeaseDoc> = { kind: EVANESCENT, status: 'held', ...past('expiresAt', graceMs) }
    const isForgotten: Filter<LeaseDoc> = { kind: EVANESCENT, status: 'wanted', ...past('wantedAt', neverStartedMs) }
    const rows = await leases.find({ $or: [isLost, isForgotten] }, { limit }).toArray()
    // Only now: a client that has asked for nothing yet has not met its primary.
    if (!isSettled()) return []
    if (await freeLost()) return lost({ limit })
    return rows.map(({ _id: room, epoch, acquiredAt }) => ({
      room,
      epoch,
      reason: acquiredAt === null ? 'never-started' : 'conductor-lost',
    }))
  }

  /** The rows of these rooms, where there are any. */
  const ofRooms = (rooms: readonly string[]): Promise<LeaseDoc[]> => leases.find({ _id: { $in: [...rooms] } }).toArray()

  /** A row for certain: not as a primary remembers it that is none any more. Of a claim whose outcome is unknown. */
  const readBack = (room: string): Promise<LeaseDoc | null> =>
    leases.findOne({ _id: room }, { readConcern: { level: 'linearizable' }, maxTimeMS: opMs })

  /** How many leases there are of each status: for the metrics. */
  const counts = async (): Promise<Record<LeaseDoc['status'], number>> => {
    const [wanted = 0, held = 0, released = 0, failed = 0, ended = 0] = await Promise.all(
      STATUSES.map((status) => leases.countDocuments({ status })),
    )
    return { wanted, held, released, failed, ended }
  }

  return {
    /** How long after its renewal a row is to be renewed again, ms. */
    rowDueMs: (rowMs - leaseMs) / 2,
    lapse,
    want,
    off,
    candidates,
    claim,
    reclaim,
    renew,
    release,
    disown,
    releaseAll,
    lost,
    progressed,
    gaveUp,
    heldBy,
    ofRooms,
    readBack,
    counts,
    /** false for one lease after an election: nothing is taken over. */
    isSettled,
  }
}
export type LeaseStore = ReturnType<typeof leaseStore>

/** A row as who may claim it sees it. */
export const candidateOf = ({ _id: room, kind, epoch, status, wantedAt, renewedAt }: LeaseDoc): Candidate => ({
  room,
  kind,
  epoch,
  status,
  since: status === 'held' ? (renewedAt ?? wantedAt) : wantedAt,
})
