import type { Collection } from 'mongodb'
import type { NotificationDoc } from './docs.ts'
import { isDuplicateKey } from './sink.ts'

/** A notification before it has its place. */
export type Unplaced = Omit<NotificationDoc, 'prev' | 'n'>

/**
 * Inboxes. Each notification names the one before it, and a unique index lets one only follow each: so they become visible in the
 * order of `n`, and who has read up to one misses nothing. `n` is a time, so that an inbox that was swept does not begin again.
 */
export function notificationStore(notifications: Collection<NotificationDoc>) {
  const newest = async (user: string): Promise<number> => {
    const head = await notifications.findOne({ user }, { sort: { n: -1 }, projection: { n: 1 } })
    return head?.n ?? 0
  }

  /** Stores it once, however often it is told. False: it was there. */
  const add = async (unplaced: Unplaced): Promise<boolean> => {
    for (;;) {
      const prev = await newest(unplaced.user)
      try {
        await notifications.insertOne({ ...unplaced, prev, n: Math.max(prev + 1, unplaced.at.getTime()) })
        return true
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        if (await has(unplaced._id)) return false
      }
    }
  }

  const has = async (id: string) => (await notifications.countDocuments({ _id: id }, { limit: 1 })) > 0

  const before = ({ user, n, limit }: { user: string; n: number; limit: number }) =>
    notifications.find({ user, n: { $lt: n } }, { sort: { n: -1 }, limit }).toArray()

  const after = ({ user, n, limit }: { user: string; n: number; limit: number }) =>
    notifications.find({ user, n: { $gt: n } }, { sort: { n: 1 }, limit }).toArray()

  const unread = (user: string, most: number) =>
    notifications.countDocuments({ user, readAt: { $exists: false } }, { limit: most })

  const read = async ({ user, ids, upTo, at }: { user: string; ids: readonly string[]; upTo: number; at: Date }) => {
    await notifications.updateMany(
      { user, readAt: { $exists: false }, $or: [{ _id: { $in: [...ids] } }, { n: { $lte: upTo } }] },
      { $set: { readAt: at } },
    )
  }

  return { add, newest, before, after, unread, read }
}
