import { LIMITS } from '../limits.ts'
import { withoutParent } from './ending.ts'
import type { EventOf, QuizEvent } from './events.ts'
import type { Ended, Message, QuizState } from './state.ts'

/** What a log without its beginning would be folded onto; decide-create.ts begins each log with room.created. */
export const NOTHING: QuizState = {
  room: '',
  kind: 'GroupPerpetual',
  seq: 0,
  at: 0,
  createdAt: 0,
  deck: null,
  owner: null,
  parent: null,
  occupants: [],
  founders: [],
  invited: [],
  messages: [],
  conductor: { payload: null, epoch: 0, holder: null },
  game: null,
  ended: null,
}

/** Membership, messages and the conductor's place; the quiz itself is evolve-game.ts. */
export function evolveRoom(state: QuizState, event: QuizEvent, seq: number): Partial<QuizState> | null {
  const { conductor } = state
  switch (event.type) {
    case 'room.created':
      return created(event)
    case 'room.ended':
      return { ended: { at: event.at, reason: event.reason, returnTo: event.returnTo, returnedTo: null } }
    case 'room.returned':
      return state.ended === null ? null : { ended: returned(state, state.ended, event.room) }
    case 'occupant.joined':
    case 'occupant.added':
      return { occupants: [...state.occupants, event.user], invited: without(state.invited, event.user) }
    case 'occupant.invited':
      return { invited: [...state.invited, event.user] }
    case 'occupant.left':
    case 'occupant.kicked':
      return { occupants: without(state.occupants, event.user) }
    case 'message.published':
    case 'evanescent.spawned':
    case 'evanescent.returned':
      return { messages: [...state.messages, messageOf(event, seq)].slice(-LIMITS.quiz.messages) }
    case 'conductor.wanted':
    case 'conductor.configured':
      return { conductor: { ...conductor, payload: event.payload } }
    case 'conductor.started':
      return { conductor: { ...conductor, epoch: event.epoch, holder: event.holder } }
    case 'conductor.released':
      return { conductor: { ...conductor, holder: null } }
    case 'conductor.ended':
      return { conductor: { ...conductor, payload: null, holder: null } }
    default:
      return null
  }
}

const created = ({ room, kind, at, deck, owner, parent, occupants, payload }: EventOf<'room.created'>) => ({
  ...NOTHING,
  room,
  kind,
  createdAt: at,
  deck,
  owner,
  parent,
  occupants,
  founders: kind === 'GroupEvanescent' ? occupants : [],
  conductor: { ...NOTHING.conductor, payload },
})

type Displayable = EventOf<'message.published' | 'evanescent.spawned' | 'evanescent.returned'>

/** A conductor's message has an epoch; nobody is in a room under that name. */
function messageOf(event: Displayable, seq: number): Message {
  const { at, by } = event
  switch (event.type) {
    case 'message.published': {
      const about = event.proposal === null ? null : ({ type: 'proposal', proposal: event.proposal } as const)
      return { seq, at, by: event.epoch === undefined ? by : null, text: event.text, about }
    }
    case 'evanescent.spawned':
      return { seq, at, by, text: '', about: { type: 'spawned', child: event.child } }
    case 'evanescent.returned':
      return { seq, at, by: null, text: '', about: { type: 'returned', child: event.child, reason: event.reason } }
  }
}

const without = (users: readonly string[], user: string) => users.filter((other) => other !== user)

const returned = (state: QuizState, ended: Ended, room: string | null): Ended =>
  room === null ? { ...ended, returnTo: withoutParent(state) } : { ...ended, returnedTo: room }
