import type { Collection } from 'mongodb'
import type { WorkerDoc } from './docs-quiz.ts'

/** For how long the row of a process that came to a sudden end is kept, ms: operators look at it. */
const PURGE_MS = 7 * 24 * 60 * 60_000

/** The processes that run conductors: for operators and for balance. Nothing that must be right follows from it. */
export function workerStore(workers: Collection<WorkerDoc>) {
  const alive = { renewedAt: '$$NOW', purgeAt: { $add: ['$$NOW', PURGE_MS] } }

  /** A process begins. `worker`: an id that no other ever has. */
  const enroll = async (given: { worker: string; host: string; pid: number; supervisor: string }): Promise<void> => {
    const { worker: _id, host, pid, supervisor } = given
    const row = { host: { $literal: host }, pid, supervisor: { $literal: supervisor }, draining: false, load: 0 }
    await workers.updateOne({ _id }, [{ $set: { ...row, startedAt: '$$NOW', ...alive } }], { upsert: true })
  }

  /** It is there still. `load`: how many conductors it runs; `draining`: it takes no more. */
  const renew = async ({ worker: _id, load, draining }: { worker: string; load: number; draining: boolean }) => {
    await workers.updateOne({ _id }, [{ $set: { load, draining, ...alive } }])
  }

  /** It came to its end, and nothing is left of it. */
  const leave = async (worker: string): Promise<void> => {
    await workers.deleteOne({ _id: worker })
  }

  /** Those that were there in the last `withinMs`, by id. */
  const list = ({ withinMs }: { withinMs: number }): Promise<WorkerDoc[]> =>
    workers.find({ $expr: { $gt: ['$renewedAt', { $subtract: ['$$NOW', withinMs] }] } }, { sort: { _id: 1 } }).toArray()

  return { enroll, renew, leave, list }
}
export type WorkerStore = ReturnType<typeof workerStore>
