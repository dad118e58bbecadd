import type { Collection } from 'mongodb'
import type { LeaseDoc } from './docs-quiz.ts'
import type { LeaseWorld, Mine } from './leases.ts'

/** How holders fare: leases that run out before their rows do, since a process is lost or a conductor stuck, and the crash guard's news. */
export function leaseLosses(leases: Collection<LeaseDoc>, { isSettled, findLost }: LeaseWorld) {
  /**
   * What lost processes held runs out; whether that was anything. One heartbeat a process stands for all of its leases, and not one a
   * lease: 5,000 rows each 5 s were 9 % of a core of mongod, since every change stream reads what the oplog has of them. What a process
   * that has come back has taken anew is not touched.
   */
  const freeLost = async (): Promise<boolean> => {
    if (findLost === undefined || !isSettled()) return false
    let freed = 0
    for (const { worker, at } of await findLost()) {
      const held = { 'holder.worker': worker, status: 'held' as const, renewedAt: { $lte: at }, expiresAt: { $gt: at } }
      freed += (await leases.updateMany(held, { $set: { expiresAt: at } })).modifiedCount
    }
    return freed > 0
  }

  /** Conductors are stuck: their leases run out now, though their process lives. */
  const lapse = async ({ worker, rooms }: { worker: string; rooms: readonly string[] }): Promise<void> => {
    const held = { _id: { $in: [...rooms] }, 'holder.worker': worker, status: 'held' as const }
    await leases.updateMany({ ...held, $expr: { $gt: ['$expiresAt', '$$NOW'] } }, [{ $set: { expiresAt: '$$NOW' } }])
  }

  /** The conductor did something: its crashes of before count no more. */
  const progressed = async ({ room: _id, epoch, worker }: Mine): Promise<void> => {
    const none = { count: 0, since: null, notBefore: null }
    await leases.updateOne({ _id, epoch, status: 'held', 'holder.worker': worker }, { $set: { crash: none } })
  }

  /** The conductor gave up: the loss of its lease will count as a crash, however often that was renewed. */
  const gaveUp = async ({ room: _id, epoch, worker }: Mine): Promise<void> => {
    await leases.updateOne({ _id, epoch, status: 'held', 'holder.worker': worker }, { $set: { beat: 0 } })
  }

  return { freeLost, lapse, progressed, gaveUp }
}
