import { isRevivable } from '../../shared/hold.ts'
import { randomId } from '../secrets.ts'
import { MAKING } from './boxes.ts'
import type { Clock } from './clock.ts'
import type { SeatDoc, SessionDoc, SignalDoc } from './docs.ts'
import { filterOf } from './filters.ts'
import type { Table } from './table.ts'

export interface SweepTables {
  sessions: Table<SessionDoc>
  seats: Table<SeatDoc>
  signals: Table<SignalDoc>
  clock: Clock
}

/** How many documents one sweep emptied or freed, by kind. */
export interface Swept {
  seats: number
  signals: number
}

/**
 * Frees the seats whose session has ended or is past its revival, and empties what still lies in their boxes. A connected seat
 * lives as long as its session, so no TTL index sees it. Looks at `limit` seats from a random place on: any number of
 * workers may sweep at once, and a sweep that another one has done changes nothing.
 */
export async function sweepSeats({ sessions, seats, signals, clock }: SweepTables, limit = 2_000): Promise<Swept> {
  const start = randomId()
  const look = (range: Record<string, string>, most: number) =>
    seats.collection
      .find(filterOf<SeatDoc>({ live: true, _id: range }))
      .sort({ _id: 1 })
      .limit(most)
      .project<Pick<SeatDoc, '_id' | 'session'>>({ session: 1 })
      .toArray()
  const after = await look({ $gte: start }, limit)
  const before = after.length < limit ? await look({ $lt: start }, limit - after.length) : []
  const now = clock.now()
  const seen = await Promise.all(
    [...after, ...before].map(async ({ _id, session }) =>
      isRevivable(await sessions.byId(session), now) ? [] : [_id],
    ),
  )
  const orphans = seen.flat()
  if (orphans.length === 0) return { seats: 0, signals: 0 }
  const [freed, emptied] = await Promise.all([
    seats.collection.updateMany(filterOf<SeatDoc>({ _id: { $in: orphans }, live: true }), {
      $set: { expiresAt: now, purgeAt: now },
      $unset: { live: '' },
    }),
    signals.collection.updateMany(
      { seat: { $in: orphans }, kind: { $in: [...MAKING] }, body: { $exists: true } },
      { $unset: { body: '' } },
    ),
  ])
  return { seats: freed.modifiedCount, signals: emptied.modifiedCount }
}
