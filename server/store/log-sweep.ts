import type { EventDoc, RoomDoc } from './docs.ts'
import { filterOf } from './filters.ts'
import { type LogStore, logIdBound } from './log.ts'

/** A page of what is sorted by one key: after that key (null: from the start), so many at most. From a time on, not after it: many share one. */
export interface Page<K> {
  after: K | null
  limit: number
}
/** Where a document of a log stands. */
export type Piece = Pick<EventDoc, '_id' | 'room' | 'seq' | 'n'>
/** A room's snapshot without its state. */
export type Kept = Pick<RoomDoc, '_id' | 'kind' | 'seq' | 'at'>

const PIECE = { room: 1, seq: 1, n: 1 }
const KEPT = { kind: 1, seq: 1, at: 1 }

/**
 * What the worker asks of all logs, and what it removes (room-log.md 11, 12). Every question follows an index, every answer is
 * a page, and all reads are majority reads: what they say of a snapshot no election takes back.
 */
export function logSweep({ events, rooms }: LogStore) {
  /** Live rooms of some kinds whose snapshot had its newest event before that time, the longest unused first. */
  const idle = ({
    kinds,
    before,
    after,
    limit,
  }: Page<Date> & { kinds: readonly string[]; before: Date }): Promise<Kept[]> => {
    const at = after === null ? { $lt: before } : { $gte: after, $lt: before }
    return rooms
      .find({ deleted: false, at, kind: { $in: [...kinds] } })
      .sort({ at: 1 })
      .limit(limit)
      .project<Kept>(KEPT)
      .toArray()
  }

  /** Documents of any room from before that time, the oldest first. */
  const old = ({ before, after, limit }: Page<string> & { before: Date }): Promise<Piece[]> =>
    events
      .find({ _id: { $gt: after ?? '', $lt: logIdBound(before) } })
      .sort({ _id: 1 })
      .limit(limit)
      .project<Piece>(PIECE)
      .toArray()

  /** The newest document of each room that has any, by room downwards: one seek in the index (room, seq) a room, however long its log. */
  const newest = ({ after, limit }: Page<string>): Promise<Piece[]> =>
    events
      .aggregate<Piece>([
        { $match: after === null ? {} : { room: { $lt: after } } },
        { $sort: { room: -1, seq: -1 } },
        { $group: { _id: '$room', id: { $first: '$_id' }, seq: { $first: '$seq' }, n: { $first: '$n' } } },
        { $limit: limit },
        { $project: { _id: '$id', room: '$_id', seq: 1, n: 1 } },
      ])
      .toArray()

  /** The snapshots that there are of these rooms, by room. */
  const kept = async (ids: readonly string[]): Promise<Map<string, Kept>> => {
    const found = await rooms
      .find({ _id: { $in: [...ids] } })
      .project<Kept>(KEPT)
      .toArray()
    return new Map(found.map((doc) => [doc._id, doc]))
  }

  /** Removes documents, but for those from which something may still have to follow; how many. By their ids: one delete for a page of cold rooms, 5 times as fast as a range each. */
  const remove = async (pieces: readonly Piece[]): Promise<number> => {
    if (pieces.length === 0) return 0
    const ids = pieces.map(({ _id }) => _id)
    return (await events.deleteMany({ _id: { $in: ids }, duties: { $exists: false } })).deletedCount
  }

  /** Tombstones of before that time that are not to be purged yet, the oldest first. */
  const tombstones = ({ before, after, limit }: Page<Date> & { before: Date }): Promise<Kept[]> => {
    const at = after === null ? { $lt: before } : { $gte: after, $lt: before }
    const filter = filterOf<RoomDoc>({ deleted: true, purgeAt: null, at })
    return rooms.find(filter).sort({ at: 1 }).limit(limit).project<Kept>(KEPT).toArray()
  }

  /** Leaves those tombstones to TTL whose log is wholly gone; how many. A deleted room's log grows no more, so this stays true. */
  const bury = async (ids: readonly string[], purgeAt: Date): Promise<number> => {
    if (ids.length === 0) return 0
    const logged = new Set(await events.distinct('room', { room: { $in: [...ids] } }))
    const gone = ids.filter((id) => !logged.has(id))
    const filter = filterOf<RoomDoc>({ _id: { $in: gone }, deleted: true, purgeAt: null })
    return (await rooms.updateMany(filter, { $set: { purgeAt } })).modifiedCount
  }

  return { idle, old, newest, kept, remove, tombstones, bury }
}
export type LogSweep = ReturnType<typeof logSweep>
