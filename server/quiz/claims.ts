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

  /** Points a claim at a room unless somebody else moved it meanwhile; tells where it points after all. Its stamp is new, in any case. */
  const move = async ({ key, seen, room, purgeAt }: PointOptions): Promise<Claim> => {
    const next = { room, at: clock.now(), stamp: randomId() }
    const isMine = ({ stamp }: ClaimDoc) => stamp === next.stamp
    if (seen === null) await claims.insert({ _id: key, ...next, ...(purgeAt === undefined ? {} : { purgeAt }) })
    else await claims.change({ id: key, when: { stamp: seen.stamp }, update: { $set: next }, applied: isMine })
    // Also who wrote it asks: an insert that lost looks like a repeat, and a claim may have been purged.
    return (await claims.byId(key)) ?? move({ key, seen: null, room, purgeAt })
  }

  /** The same where it points elsewhere; else it stays as it is. */
  const point = async (options: PointOptions): Promise<Claim> =>
    options.seen?.room === options.room ? options.seen : move(options)

  return { read, point, move }
}
export type Claims = ReturnType<typeof createClaims>
