import type { ListCursor } from '../../shared/session/cursor.ts'
import type { Clock } from './clock.ts'
import type { SeatDoc, SessionDoc } from './docs.ts'
import { filterOf } from './filters.ts'
import { gather } from './gather.ts'
import type { Table } from './table.ts'

export interface ListQuery {
  /** Part of the session's or the host's name, case-insensitive. */
  search?: string | undefined
  /** Metadata values that must be there (shared/session/facets.ts). */
  facets: readonly string[]
  after: ListCursor | null
  limit: number
}

/** Joins two texts so that no other two give the same. */
const pair = (session: string, name: string) => `${session}:${name}`

/** A pattern that finds this text; PCRE knows fewer escapes than `RegExp.escape` makes. */
const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** What hosted sessions are asked for besides single documents by id. */
export function sessionReads(tables: { sessions: Table<SessionDoc>; seats: Table<SeatDoc>; clock: Clock }) {
  const { sessions, seats, clock } = tables

  /** Public sessions whose hosts are there now, newest first: expired ones are no ghosts, whether TTL has run or not. */
  const listed = ({ search, facets, after, limit }: ListQuery): Promise<SessionDoc[]> => {
    const conditions: Record<string, unknown>[] = []
    if (after !== null) conditions.push({ $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $gt: after.id } }] })
    if (search !== undefined) {
      const part = { $regex: literally(search), $options: 'i' }
      conditions.push({ $or: [{ name: part }, { hostName: part }] })
    }
    if (facets.length > 0) conditions.push({ facets: { $all: facets } })
    const held = { live: true, visibility: 'public', expiresAt: { $gt: clock.now() } }
    const filter = filterOf<SessionDoc>({ ...held, ...(conditions.length > 0 ? { $and: conditions } : {}) })
    return sessions.collection.find<SessionDoc>(filter).sort({ at: -1, _id: 1 }).limit(limit).toArray()
  }

  /** How many seats of a session are held. */
  const clients = gather<string, number>(async (ids) => {
    const counted = await seats.collection
      .aggregate<{ _id: string; clients: number }>([
        { $match: { session: { $in: ids }, live: true, expiresAt: { $gt: clock.now() } } },
        { $group: { _id: '$session', clients: { $sum: 1 } } },
      ])
      .toArray()
    const byId = new Map(counted.map((each) => [each._id, each.clients]))
    return ids.map((id) => byId.get(id) ?? 0)
  })

  /** The live seat of this name. */
  const seatByName = gather<{ session: string; name: string }, SeatDoc | null>(async (keys) => {
    const filter = filterOf<SeatDoc>({ live: true, $or: keys.map(({ session, name }) => ({ session, name })) })
    const found = await seats.collection.find<SeatDoc>(filter).toArray()
    const byName = new Map(found.map((seat) => [pair(seat.session, seat.name), seat]))
    return keys.map(({ session, name }) => byName.get(pair(session, name)) ?? null)
  })

  return {
    listed,
    clients,
    seatByName,
    /** All live seats of a session, held or not. */
    seatsOf: seats.allBy('session', { live: true }),
    /** The session that occupies a name, held or not. */
    sessionByName: sessions.oneBy('name', { live: true }),
  }
}
export type SessionReads = ReturnType<typeof sessionReads>
