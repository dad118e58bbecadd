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

  /** Takes a pair a step on; the other than who did it hears of it, even if the process was killed in between: a repeat tells again. */
  const step = async (users: [string, string], next: (before: Pair) => Pair | RuleError): Promise<Stepped> => {
    for (;;) {
      const known = await friends.byId(idOf(users))
      const before = known ?? STRANGERS
      const pair = next(before)
      if (pair instanceof RuleError) throw pair
      const isRepeat = pair === before
      if (!isRepeat && !(await write(known, users, pair))) continue
      const version = (known?.v ?? 0) + (isRepeat ? 0 : 1)
      return { pair, version, at: isRepeat ? known?.at : undefined }
    }
  }

  const tell = async (users: [string, string], { pair, version }: Stepped): Promise<void> => {
    const kind = newsOf(pair)
    const user = users.find((one) => one !== pair.by)
    if (kind === null || pair.by === null || user === undefined) return
    await notifications.tell({ id: `${idOf(users)} ${version}`, user, kind, from: pair.by })
  }

  /** One side acts (shared/friend/pair.ts). */
  const act = async (account: Account, action: FriendAction, { user: other, as }: Other): Promise<Friend> => {
    const { user: actor } = actorOf(account, as)
    const users = pairOf(actor, other)
    const stepped = await step(users, (before) => stepPair(before, { actor, other, action }))
    if (stepped.pair.by === actor) await tell(users, stepped)
    return friendOf({ pair: stepped.pair, actor, other, at: stepped.at })
  }

  /** Makes two users friends at once: one has invited the other, who came. Errors: friend-blocked, friend-refused, forbidden (oneself). */
  const befriend = async (inviter: string, guest: string): Promise<void> => {
    const users = pairOf(inviter, guest)
    const ask = (pair: Pair, actor: string, other: string) => stepPair(pair, { actor, other, action: 'request' })
    const stepped = await step(users, (before) => {
      const asked = ask(before, inviter, guest)
      return asked instanceof RuleError ? blockedBy(before, guest) : ask(asked, guest, inviter)
    })
    await tell(users, stepped)
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

  /** The first of a user's friends, by name: those whose rooms they may join. */
  const some = async (user: string, limit: number): Promise<string[]> => {
    const docs = await friends.page({ user, which: whichOf(user).friends, after: null, limit })
    return docs.filter(areFriends).map((doc) => otherOf(doc, user))
  }

  return { act, list, among, some, befriend }
}
export type Friends = ReturnType<typeof createFriends>

export interface Other {
  user: string
  as?: string | undefined
}

/** A pair after a step. `at`: since when, where nothing changed. */
interface Stepped {
  pair: Pair
  version: number
  at: Date | undefined
}

/** Why a guest and an inviter do not become friends, as the guest hears it. */
const blockedBy = ({ blockers }: Pair, guest: string) =>
  new RuleError(blockers.includes(guest) ? 'friend-blocked' : blockers.length > 0 ? 'friend-refused' : 'forbidden')

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
