import type { Friend, FriendList } from '../shared/friend/schema.ts'
import {
  areFriends,
  type FriendAction,
  newsOf,
  type Pair,
  STRANGERS,
  statusFor,
  stepPair,
} from '../shared/friend/pair.ts'
import { RuleError } from '../shared/rules.ts'
import type { Account } from './accounts.ts'
import type { Notifications } from './notifications.ts'
import { actorOf } from './rooms/access.ts'
import { randomId } from './secrets.ts'
import type { Services } from './services.ts'
import type { FriendDoc } from './store/docs.ts'

/** Seed 4: friends. One document a pair, changed by its version, so that requests that cross meet. */
export function createFriends({ store }: Services, { notifications }: { notifications: Notifications }) {
  const { friends, clock } = store

  /** Writes a pair's next version; false: somebody else did. */
  const write = async (known: FriendDoc | null, users: [string, string], pair: Pair): Promise<boolean> => {
    const { status, by, blockers } = pair
    const next = { status, by, blockers: [...blockers], at: clock.now(), stamp: randomId() }
    if (known === null) {
      const { stored } = await friends.insert({ _id: idOf(users), users, ...next, v: 1 })
      // A repeat after a lost reply finds the id, which the other side may have used.
      return stored && (await friends.byId(idOf(users)))?.stamp === next.stamp
    }
    return friends.change({
      id: known._id,
      when: { v: known.v },
      update: { $set: { ...next, v: known.v + 1 } },
      applied: ({ stamp }) => stamp === next.stamp,
    })
  }

  /** One side acts (shared/friend/pair.ts); the other hears of it, even if the process was killed in between: a repeat tells again. */
  const act = async (account: Account, action: FriendAction, { user: other, as }: Other): Promise<Friend> => {
    const { user: actor } = actorOf(account, as)
    const users = pairOf(actor, other)
    for (;;) {
      const known = await friends.byId(idOf(users))
      const before = known ?? STRANGERS
      const pair = stepPair(before, { actor, other, action })
      if (pair instanceof RuleError) throw pair
      const isRepeat = pair === before
      if (!isRepeat && !(await write(known, users, pair))) continue
      const version = (known?.v ?? 0) + (isRepeat ? 0 : 1)
      const kind = newsOf(pair)
      if (kind !== null && pair.by === actor)
        await notifications.tell({ id: `${idOf(users)} ${version}`, user: other, kind, from: actor })
      return friendOf({ pair, actor, other, at: isRepeat ? known?.at : undefined })
    }
  }

  const friendOf = ({ pair, actor, other, at = clock.now() }: Seen): Friend => ({
    user: other,
    status: statusFor(pair, actor),
    since: at.getTime(),
  })

  /** Everybody whom this user has to do with, page by page. */
  const list = async (account: Account, { as, status, after, limit }: ListOptions): Promise<FriendList> => {
    const { user } = actorOf(account, as)
    const which = whichOf(user)
    const every = { $or: [which.friends, which.requested, which.incoming, which.blocked] }
    const docs = await friends.page({
      user,
      which: status === undefined ? every : which[status],
      after: after ?? null,
      limit,
    })
    const found = docs.map((doc) => friendOf({ pair: doc, actor: user, other: otherOf(doc, user), at: doc.at }))
    return { friends: found, next: docs.length < limit ? null : (docs.at(-1)?._id ?? null) }
  }

  /** Which of these users are friends of this one. */
  const among = async (user: string, others: readonly string[]): Promise<ReadonlySet<string>> => {
    const pairs = await Promise.all(others.map((other) => friends.byId(idOf(pairOf(user, other)))))
    return new Set(others.filter((_, at) => areFriends(pairs[at] ?? STRANGERS)))
  }

  return { act, list, among }
}
export type Friends = ReturnType<typeof createFriends>

export interface Other {
  user: string
  as?: string | undefined
}

interface Seen {
  pair: Pair
  actor: string
  other: string
  at?: Date | undefined
}

export interface ListOptions {
  as?: string | undefined
  status?: keyof ReturnType<typeof whichOf> | undefined
  after?: string | undefined
  limit: number
}

/** Which pairs have which status, as one side sees them. A block hides whatever else the pair is. */
const whichOf = (user: string) => ({
  friends: { status: 'friends', blockers: { $ne: user } },
  requested: { status: 'requested', by: user, blockers: { $ne: user } },
  incoming: { status: 'requested', by: { $ne: user }, blockers: { $ne: user } },
  blocked: { blockers: user },
})

/** Two users in the order that their document has. */
const pairOf = (one: string, other: string): [string, string] => (one < other ? [one, other] : [other, one])
/** Ids may hold any character, so no character can stand between them. */
const idOf = (users: readonly [string, string]) => JSON.stringify(users)
const otherOf = ({ users }: FriendDoc, user: string) => users.find((one) => one !== user) ?? user
