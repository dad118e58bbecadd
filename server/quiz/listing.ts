import type { QuizState } from '../../shared/quiz/state.ts'
import type { QuizListed, QuizListing } from '../../shared/quiz/wire.ts'
import type { Account } from '../accounts.ts'
import type { Friends } from '../friends.ts'
import { actorOf } from '../rooms/access.ts'
import { foldedPage, type ListOptions } from '../rooms/listing.ts'
import type { LogStore } from '../store/log.ts'
import type { QuizRooms } from './open.ts'

/** Friends of a user whose rooms are looked for: a list, not a search engine. */
const MOST_FRIENDS = 500

export interface QuizListingParts {
  quiz: Pick<LogStore, 'roomsOf'>
  rooms: QuizRooms
  friends: Pick<Friends, 'some'>
}

/** The quiz rooms of a user, and those that they may join (seed 4: "from dashboard"). */
export function createQuizListing({ quiz, rooms, friends }: QuizListingParts) {
  const page = (ids: readonly string[], { limit, keep }: { limit: number; keep: (state: QuizState) => boolean }) =>
    foldedPage(ids, {
      limit,
      read: rooms.read,
      listed: (state) => (state.ended === null && keep(state) ? listedOf(state) : null),
    })

  /** Live rooms that the user is in, or owns, by id. */
  const list = async (account: Account, { as, after = '', limit }: ListOptions): Promise<QuizListing> => {
    const { user } = actorOf(account, as)
    const ids = await quiz.roomsOf({ users: [user], after, limit })
    return page(ids, { limit, keep: ({ occupants, owner }) => occupants.includes(user) || owner === user })
  }

  /** Group rooms that hold a friend, which the user may join and is not in. */
  const joinable = async (account: Account, { as, after = '', limit }: ListOptions): Promise<QuizListing> => {
    const { user } = actorOf(account, as)
    const users = await friends.some(user, MOST_FRIENDS)
    if (users.length === 0) return { rooms: [], next: null }
    const ids = await quiz.roomsOf({ users, after, limit })
    const known = new Set(users)
    const keep = ({ kind, occupants }: QuizState) =>
      kind === 'GroupPerpetual' && !occupants.includes(user) && occupants.some((one) => known.has(one))
    return page(ids, { limit, keep })
  }

  return { list, joinable }
}

const listedOf = ({ room, kind, at, deck, owner, occupants, messages, conductor }: QuizState): QuizListed => ({
  ...{ room, kind, at, deck, owner, occupants },
  last: messages.findLast(({ text }) => text !== '')?.text ?? null,
  conductor: conductor.payload !== null,
})
