import type { Collection } from 'mongodb'
import type { LeaseDoc } from './docs-quiz.ts'
import type { LeaseWorld, Mine } from './leases.ts'

/** How holders fare: leases that run out before their rows do, since a process is lost or a conductor stuck, and the crash guard's news. */
export function leaseLosses(leases: Collection<LeaseDoc>, leaseMs: number, { isSettled, findLost }: LeaseWorld) {
  /**
   * What lost processes held runs out; whether that was anything. One heartbeat a process stands for all of its leases, and not one a
   * lease: 5,000 rows each 5 s were 9 % of a core of mongod, since every change stream reads what the oplog has of them. What a process
   * that has come back has taken anew is not touched.
   */
  const freeLost = async (): Promise<boolean> => {
    if (findLost === undefined || !isSettled()) return false
    let freed = 0
    for (const { _id: worker, renewedAt: heardAt } of await findLost()) {
      const held = { 'holder.worker': worker, status: 'held' as const }
      // Also of what its last words took after it was lost, in its turn.
      const renewedAt = { $max: ['$renewedAt', heardAt] }
      const expiresAt = { $add: [renewedAt, leaseMs] }
      const isOver = { $and: [{ $lt: [expiresAt, '$$NOW'] }, { $gt: ['$expiresAt', expiresAt] }] }
      freed += (await leases.updateMany({ ...held, $expr: isOver }, [{ $set: { renewedAt, expiresAt } }])).modifiedCount
    }
    return freed > 0
  }

  /** Conductors are stuck: their leases run out now, though their process lives. */
  const lapse = async ({ worker, rooms }: { worker: string; rooms: readonly string[] }): Promise<void> => {
    const held = { _id: { $in: [...rooms] }, 'holder.worker': worker, status: 'held' as const }
    // It was well until about then.
    const renewedAt = { $max: ['$renewedAt', { $subtract: ['$$NOW', leaseMs] }] }
    await leases.updateMany({ ...held, $expr: { $gt: ['$expiresAt', '$$NOW'] } }, [
      { $set: { renewedAt, expiresAt: '$$NOW' } },
    ])
  }

  /** The conductor did something: its crashes of before count no more. */
  const progressed = async ({ room: _id, epoch, worker }: Mine): Promise<void> => {
    const none = { count: 0, since: null, notBefore: null }
    await leases.updateOne({ _id, epoch, status: 'held', 'holder.worker': worker }, { $set: { crash: none } })
  }

  /** The conductor gave up: its lease is left to run out, and counts as a crash, however long it lived. */
  const gaveUp = async ({ room: _id, epoch, worker }: Mine): Promise<void> => {
    await leases.updateOne({ _id, epoch, status: 'held', 'holder.worker': worker }, [
      { $set: { aliveSince: null, expiresAt: { $add: ['$$NOW', leaseMs] } } },
    ])
  }

  /** What a process holds as the rows have it, without what it gave up, which runs out. */
  const heldBy = async (worker: string): Promise<{ room: string; epoch: number }[]> => {
    const mine = { 'holder.worker': worker, status: 'held' as const, aliveSince: { $ne: null } }
    const rows = await leases.find(mine).project<Pick<LeaseDoc, '_id' | 'epoch'>>({ epoch: 1 }).toArray()
    return rows.map(({ _id: room, epoch }) => ({ room, epoch }))
  }

  return { freeLost, lapse, progressed, gaveUp, heldBy }
}
