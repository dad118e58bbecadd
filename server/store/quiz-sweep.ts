import type { Collection } from 'mongodb'
import type { RoomDoc } from './docs.ts'
import type { AudienceDoc, LeaseDoc } from './docs-quiz.ts'
import { filterOf } from './filters.ts'

const DAY_MS = 86_400_000
/** Rooms in one update. */
const PAGE = 5_000

export interface QuizSweepTables {
  rooms: Collection<RoomDoc>
  audience: Collection<AudienceDoc>
  leases: Collection<LeaseDoc>
}

/** What the worker asks and notes of quiz rooms besides what it asks of all logs; and what operators ask. */
export function quizSweepStore({ rooms, audience, leases }: QuizSweepTables) {
  /**
   * Notes in the snapshots of rooms that had no event for a day that they are watched now; how many it noted. Once a day for a room:
   * who was there is forgotten within a minute, while a room must be closed only when nobody was for a year.
   */
  const markSeen = async (now: Date): Promise<number> => {
    const watched = await audience.distinct('room')
    const dayAgo = new Date(now.getTime() - DAY_MS)
    const stale = { deleted: false, at: { $lt: dayAgo }, seenAt: { $not: { $gte: dayAgo } } }
    let marked = 0
    for (let i = 0; i < watched.length; i += PAGE) {
      const filter = filterOf<RoomDoc>({ ...stale, _id: { $in: watched.slice(i, i + PAGE) } })
      marked += (await rooms.updateMany(filter, { $max: { seenAt: now } })).modifiedCount
    }
    return marked
  }

  /** Of these rooms, those that were seen to be watched since then. */
  const seenSince = async (ids: readonly string[], since: Date): Promise<ReadonlySet<string>> => {
    if (ids.length === 0) return new Set()
    const found = await rooms
      .find({ _id: { $in: [...ids] }, seenAt: { $gte: since } }, { projection: { _id: 1 } })
      .toArray()
    return new Set(found.map(({ _id }) => _id))
  }

  /** Rooms whose conductor crashed too often, and when it is tried again. */
  const failed = async (limit: number): Promise<{ room: string; crashes: number; again: Date | null }[]> => {
    const found = await leases.find({ status: 'failed' }, { limit }).toArray()
    return found.map(({ _id: room, crash }) => ({ room, crashes: crash.count, again: crash.notBefore }))
  }

  return { markSeen, seenSince, failed }
}
export type QuizSweepStore = ReturnType<typeof quizSweepStore>
