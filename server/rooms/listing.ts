import type { RoomListing } from '../../shared/room/schema.ts'
import type { RoomCommand, RoomState } from '../../shared/room/state.ts'
import { listingOf } from '../../shared/room/view.ts'
import type { Account } from '../accounts.ts'
import type { Services } from '../services.ts'
import { actorOf } from './access.ts'
import type { RoomLog } from './log.ts'

export interface ListOptions {
  as?: string | undefined
  after?: string | undefined
  limit: number
}

/** The rooms that a user owns or is in. */
export function createRoomListing<E>(parts: { services: Services; rooms: RoomLog<RoomState, RoomCommand, E> }) {
  const { services, rooms } = parts
  const { log } = services.store

  /**
   * By id, page by page. Snapshots and events name the candidates, and each is folded, so the list is exact though snapshots lag.
   * A page may be short and yet not the last: `next` tells.
   */
  const list = async (account: Account, { as, after = '', limit }: ListOptions): Promise<RoomListing> => {
    const { user } = actorOf(account, as)
    const ids = await log.roomsOf({ users: [user], after, limit })
    const states = await Promise.all(ids.map((id) => rooms.read(id)))
    const mine = states.filter(
      (state) => state !== null && state.deleted === null && (state.owner === user || state.occupants.includes(user)),
    )
    const next = ids.length < limit ? null : (ids.at(-1) ?? null)
    return { rooms: mine.flatMap((state) => (state === null ? [] : [listingOf(state)])), next }
  }

  return { list }
}
