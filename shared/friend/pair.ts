import { RuleError } from '../rules.ts'

/**
 * What two users are to each other (seed 4: "friends"). One value for both sides, so that there is nothing that could disagree.
 * A block stands beside it and wins over it.
 */
export interface Pair {
  status: 'none' | 'requested' | 'friends'
  /** Who made it so: who asked, or who accepted. */
  by: string | null
  /** Who of the two blocks the other. */
  blockers: readonly string[]
}

export const STRANGERS: Pair = { status: 'none', by: null, blockers: [] }

export type FriendAction = 'request' | 'accept' | 'decline' | 'remove' | 'block' | 'unblock'

export const areFriends = (pair: Pair): boolean => pair.status === 'friends'

/**
 * One side acts. Requests that cross make friends; who is asked and asks has accepted. A block ends everything between the two, and
 * while it stands nobody of them can ask. All actions are idempotent. Where nothing changes it gives the same object.
 * Errors: forbidden (oneself), friend-blocked (the actor blocks
 * the other), friend-refused (the other takes no request: it is not said why), no-request.
 */
export function stepPair(
  pair: Pair,
  { actor, other, action }: { actor: string; other: string; action: FriendAction },
): Pair | RuleError {
  if (actor === other) return new RuleError('forbidden')
  switch (action) {
    case 'request':
      return request(pair, actor)
    case 'accept':
      if (areFriends(pair)) return pair
      return isAsked(pair, other) ? friends(pair, actor) : new RuleError('no-request')
    case 'decline':
      if (areFriends(pair)) return new RuleError('no-request')
      return isAsked(pair, other) ? nothing(pair) : pair
    case 'remove':
      return areFriends(pair) || isAsked(pair, actor) ? nothing(pair) : pair
    case 'block':
      if (pair.blockers.includes(actor)) return pair
      return { ...STRANGERS, blockers: [...pair.blockers, actor] }
    case 'unblock':
      if (!pair.blockers.includes(actor)) return pair
      return { ...pair, blockers: pair.blockers.filter((user) => user !== actor) }
  }
}

function request(pair: Pair, actor: string): Pair | RuleError {
  if (pair.blockers.includes(actor)) return new RuleError('friend-blocked')
  if (pair.blockers.length > 0) return new RuleError('friend-refused')
  if (areFriends(pair) || isAsked(pair, actor)) return pair
  return pair.status === 'requested' ? friends(pair, actor) : { ...pair, status: 'requested', by: actor }
}

const isAsked = (pair: Pair, by: string) => pair.status === 'requested' && pair.by === by
const nothing = (pair: Pair): Pair => ({ ...pair, status: 'none', by: null })
const friends = (pair: Pair, actor: string): Pair => ({ ...pair, status: 'friends', by: actor })

/** What the other side is to hear of, once for each version of the pair. */
export const newsOf = ({ status }: Pair): 'friend.requested' | 'friend.accepted' | null =>
  status === 'none' ? null : status === 'requested' ? 'friend.requested' : 'friend.accepted'

/** What a side sees of it: whom one is blocked by stays hidden. */
export type FriendStatus = 'none' | 'friends' | 'requested' | 'incoming' | 'blocked'

export function statusFor(pair: Pair, viewer: string): FriendStatus {
  if (pair.blockers.includes(viewer)) return 'blocked'
  if (pair.status !== 'requested') return pair.status
  return pair.by === viewer ? 'requested' : 'incoming'
}
