import type { DeckFacts, FriendFacts } from '../../shared/quiz/commands.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Friends } from '../friends.ts'
import type { QuizRooms } from './open.ts'

export interface FactParts {
  friends: Pick<Friends, 'among'>
  decks: { playable: (user: string, deck: string) => Promise<DeckFacts['deck']> }
  rooms: QuizRooms
}

/** What a command needs to know from outside of its room's log, looked up right before it is sent (shared/quiz/commands.ts). */
export function createFacts({ friends, decks, rooms }: FactParts) {
  const friendsAmong = async (user: string, others: readonly string[]): Promise<FriendFacts> => ({
    friends: [...(await friends.among(user, others))],
  })

  /** Which occupants are friends of who wants to join: asked of groups only, since no other kind looks. Error: room-gone. */
  const friendsIn = async (user: string, room: string): Promise<FriendFacts> => {
    const state = await rooms.read(room)
    if (state === null) throw new RuleError('room-gone')
    const asks = state.kind === 'GroupPerpetual' && !state.occupants.includes(user)
    return asks ? friendsAmong(user, state.occupants) : { friends: [] }
  }

  const deck = async (user: string, id: string): Promise<DeckFacts> => ({ deck: await decks.playable(user, id) })

  return { friendsAmong, friendsIn, deck }
}
export type Facts = ReturnType<typeof createFacts>
