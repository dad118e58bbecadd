import type { Collection } from 'mongodb'
import type { WorkerDoc } from './docs-quiz.ts'
import type { LeaseTimes } from './leases.ts'

/** For how long the row of a process that came to a sudden end is kept, ms: operators look at it. */
const PURGE_MS = 7 * 24 * 60 * 60_000

/** The processes that run conductors: one heartbeat of each stands for all its leases. All times are mongod's. */
export function workerStore(
  workers: Collection<WorkerDoc>,
  { leaseMs, rowMs = leaseMs, graceMs }: Pick<LeaseTimes, 'leaseMs' | 'rowMs' | 'graceMs'>,
) {
  /** For how long after its last heartbeat may still be undone what a lost process took: its words may have been on their way for long. */
  const undoneMs = leaseMs + 2 * rowMs
  const alive = {
    renewedAt: '$$NOW',
    expiresAt: { $add: ['$$NOW', leaseMs] },
    purgeAt: { $add: ['$$NOW', PURGE_MS] },
  }

  /** A process begins, or begins anew after it was lost. `worker`: an id that no other ever has. */
  const enroll = async (given: { worker: string; host: string; pid: number; supervisor: string }): Promise<void> => {
    const { worker: _id, host, pid, supervisor } = given
    const row = { host: { $literal: host }, pid, supervisor: { $literal: supervisor } }
    const first = {
      draining: { $ifNull: ['$draining', false] },
      load: { $ifNull: ['$load', 0] },
      startedAt: { $ifNull: ['$startedAt', '$$NOW'] },
    }
    await workers.updateOne({ _id }, [{ $set: { ...row, ...first, ...alive, lost: '$$REMOVE' } }], { upsert: true })
  }

  /** It is there still; false: too late, it was lost meanwhile. `load`: how many conductors it runs; `draining`: it takes no more. */
  const renew = async ({ worker: _id, load, draining }: { worker: string; load: number; draining: boolean }) => {
    const inTime = { lost: { $exists: false }, $expr: { $gt: ['$expiresAt', '$$NOW'] } }
    const { matchedCount } = await workers.updateOne({ _id, ...inTime }, [{ $set: { load, draining, ...alive } }])
    return matchedCount === 1
  }

  /**
   * Finds those that are lost, and marks them so; they are told again, since who found them may be gone, until the rows of their leases
   * have run out by themselves.
   */
  const findLost = async (): Promise<WorkerDoc[]> => {
    const isOver = { $lt: [{ $add: ['$expiresAt', graceMs] }, '$$NOW'] }
    await workers.updateMany({ lost: { $exists: false }, $expr: isOver }, { $set: { lost: true } })
    const lately = { $gt: ['$expiresAt', { $subtract: ['$$NOW', undoneMs] }] }
    return workers.find({ lost: true, $expr: lately }).toArray()
  }

  /** It came to a sudden end, which is certain. Its row stays: a claim of it may still be under way, and is found by that. */
  const lose = async (worker: string): Promise<void> => {
    const purgeAt = { $add: ['$expiresAt', undoneMs] }
    await workers.updateOne({ _id: worker, lost: { $exists: false } }, [{ $set: { lost: true, purgeAt } }])
  }

  /** It came to its end: it holds nothing, and nothing of it is under way. */
  const leave = async (worker: string): Promise<void> => {
    await workers.deleteOne({ _id: worker })
  }

  /** Those that were there in the last `withinMs`, by id. */
  const list = ({ withinMs }: { withinMs: number }): Promise<WorkerDoc[]> =>
    workers.find({ $expr: { $gt: ['$renewedAt', { $subtract: ['$$NOW', withinMs] }] } }, { sort: { _id: 1 } }).toArray()

  return { enroll, renew, findLost, lose, leave, list }
}
export type WorkerStore = ReturnType<typeof workerStore>
