import type { Card } from '../../shared/deck/cards.ts'
import { payloadSchema, type QuizPayload } from '../../shared/quiz/settings.ts'
import { CARDS } from './cards.ts'
import { MemoryQuiz, user, WORKER } from './memory.ts'

export const ROOM = 'room-1'
export const CHILD = 'room-2'
export const DECK = 'deck-1'

export const payloadOf = (settings: Partial<QuizPayload> = {}): QuizPayload =>
  payloadSchema.parse({ deck: DECK, ...settings })

/** Facts as a caller finds them: the deck is `ann`'s and can be played. */
export const deckOf = (owner = 'ann', playable = true) => ({ deck: { id: DECK, owner, playable } })
export const friends = (...names: string[]) => ({ friends: names })
export const text = (words: string) => ({ text: words, proposal: null })

export interface Opening {
  guests?: readonly string[]
  settings?: Partial<QuizPayload>
  cards?: readonly Card[]
}

/** A HostedPerpetual room of `ann`'s deck, with its conductor awake. */
export function hosted({ guests = [], settings = {}, cards = CARDS }: Opening = {}): MemoryQuiz {
  const room = new MemoryQuiz(cards)
  room.does({ type: 'createHosted', room: ROOM, payload: payloadOf(settings), facts: deckOf() }, user('ann'))
  for (const guest of guests) room.does({ type: 'join', facts: friends() }, user(guest))
  room.startConductor()
  return room
}

/** A group room of `ann` and others, with zero conductors. */
export function group(...others: string[]): MemoryQuiz {
  const room = new MemoryQuiz()
  const facts = friends(...others)
  room.does({ type: 'createGroup', room: ROOM, others, facts, ...text('hello') }, user('ann'))
  return room
}

/** A group room whose conductor is awake. */
export function conducted({ guests = [], settings = {}, cards = CARDS }: Opening = {}): MemoryQuiz {
  const made = group(...guests)
  const room = new MemoryQuiz(cards)
  room.log.push(...made.log)
  room.states.push(...made.states)
  room.state = made.state
  room.does({ type: 'startConductor', payload: payloadOf(settings), facts: deckOf() }, user('ann'))
  room.startConductor()
  return room
}

/** A solo GroupEvanescent room of `ann`; guests were invited and came. */
export function solo({ guests = [], settings = {}, cards = CARDS }: Opening = {}): MemoryQuiz {
  const room = new MemoryQuiz(cards)
  room.does({ type: 'createSolo', room: CHILD, payload: payloadOf(settings), facts: deckOf() }, user('ann'))
  for (const guest of guests) add(room, guest)
  room.startConductor()
  return room
}

/** A GroupEvanescent room that the group room `ROOM` has spawned. */
export function spawned({ guests = [], settings = {}, cards = CARDS }: Opening = {}): MemoryQuiz {
  const room = new MemoryQuiz(cards)
  const payload = payloadOf(settings)
  const occupants = ['ann', ...guests]
  room.does({ type: 'createSpawned', room: CHILD, parent: ROOM, occupants, payload }, WORKER)
  room.startConductor()
  return room
}

/** `ann` invites a friend to an evanescent room, who joins. */
export function add(room: MemoryQuiz, guest: string): void {
  room.does({ type: 'invite', user: guest, facts: friends(guest) }, user('ann'))
  room.does({ type: 'join', facts: friends() }, user(guest))
}

/** To the end of an evanescent room. */
export function playOut(room: MemoryQuiz): void {
  for (let i = 0; i < 500 && room.it.ended === null; i++) room.pass(10_000)
}
