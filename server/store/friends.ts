import type { Collection } from 'mongodb'
import type { FriendDoc } from './docs.ts'
import { filterOf } from './filters.ts'
import { tableOf } from './table.ts'

export interface FriendPage {
  user: string
  /** What the pairs must be, besides the user's. */
  which: Record<string, unknown>
  after: string | null
  limit: number
}

/** Pairs of users: one document each, changed by its version. */
export function friendStore(friends: Collection<FriendDoc>) {
  /** Pairs that have this user, by id. */
  const page = ({ user, which, after, limit }: FriendPage) =>
    friends
      .find(filterOf<FriendDoc>({ ...which, users: user, ...(after === null ? {} : { _id: { $gt: after } }) }), {
        sort: { _id: 1 },
        limit,
      })
      .toArray()

  return { ...tableOf(friends), page }
}
