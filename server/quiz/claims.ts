import { randomId } from '../secrets.ts'
import type { Clock } from '../store/clock.ts'
import type { ClaimDoc } from '../store/docs-quiz.ts'
import type { Table } from '../store/table.ts'

export type Claim = Pick<ClaimDoc, 'room' | 'stamp'>

export interface PointOptions {
  key: string
  /** As it was read; null: there was none. */
  seen: Claim | null
  room: string
  /** When nobody needs it any more; absent: never. */
  purgeAt?: Date | undefined
}

/** Unique facts outside of a room's log (room-log.md 14): the room of a deck, of a set of occupants, of a request. */
export function createClaims({ claims, clock }: { claims: Table<ClaimDoc>; clock: Clock }) {
  const read = (key: string): Promise<Claim | null> => claims.byId(key)

  /** Points a claim at a room unless somebody else moved it meanwhile; tells where it points after all. */
  const point = async ({ key, seen, room, purgeAt }: PointOptions): Promise<Claim> => {
    if (seen?.room === room) return seen
    const next = { room, at: clock.now(), stamp: randomId() }
    const isMine = ({ stamp }: ClaimDoc) => stamp === next.stamp
    if (seen === null) await claims.insert({ _id: key, ...next, ...(purgeAt === undefined ? {} : { purgeAt }) })
    else await claims.change({ id: key, when: { stamp: seen.stamp }, update: { $set: next }, applied: isMine })
    // Also who wrote it asks: an insert that lost looks like a repeat, and a claim may have been purged.
    return (await claims.byId(key)) ?? point({ key, seen: null, room, purgeAt })
  }

  return { read, point }
}
export type Claims = ReturnType<typeof createClaims>
