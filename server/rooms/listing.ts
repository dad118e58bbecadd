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

export interface FoldedPage<S, L> {
  /** How many candidates a page has at most: with fewer it is the last. */
  limit: number
  read: (id: string) => Promise<S | null>
  /** The room as it is listed; null: it is none of these, or not any more. */
  listed: (state: S) => L | null
}

/**
 * One page of candidates, which snapshots and events name: each is folded, so the list is exact though snapshots lag. A page may be
 * short and yet not the last: `next` tells.
 */
export async function foldedPage<S, L>(ids: readonly string[], { limit, read, listed }: FoldedPage<S, L>) {
  const states = await Promise.all(ids.map(read))
  const rooms = states.flatMap((state) => (state === null ? [] : (listed(state) ?? [])))
  return { rooms, next: ids.length < limit ? null : (ids.at(-1) ?? null) }
}

/** The rooms that a user owns or is in. */
export function createRoomListing<E>(parts: { services: Services; rooms: RoomLog<RoomState, RoomCommand, E> }) {
  const { services, rooms } = parts
  const { log } = services.store

  /** By id, page by page. */
  const list = async (account: Account, { as, after = '', limit }: ListOptions): Promise<RoomListing> => {
    const { user } = actorOf(account, as)
    const ids = await log.roomsOf({ users: [user], after, limit })
    const isMine = ({ deleted, owner, occupants }: RoomState) =>
      deleted === null && (owner === user || occupants.includes(user))
    return foldedPage(ids, { limit, read: rooms.read, listed: (state) => (isMine(state) ? listingOf(state) : null) })
  }

  return { list }
}
