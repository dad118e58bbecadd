import { LIMITS } from '../limits.ts'
import type { QuizEvent } from './events.ts'
import type { Message, QuizState } from './state.ts'
import { type QuizView, viewOf } from './view.ts'

/** What one event changes in one viewer's view. */
export interface QuizChange {
  version: number
  at: number
  /** Parts of the view, each as a whole. */
  parts: Partial<Omit<QuizView, 'messages' | 'version' | 'at'>>
  /** Somebody came, went or was invited: no frame carries all 1,000 occupants for one of them. */
  member: { how: 'in' | 'out' | 'invited'; user: string } | null
  /** One message more. */
  message: Message | null
}

type Part = keyof QuizChange['parts']

const MINE: readonly Part[] = ['role', 'game']
const GAME: readonly Part[] = ['game']
const CONDUCTOR: readonly Part[] = ['conductor', 'game']

/**
 * What a viewer hears of an event; null: nothing. `state`: right after it. Made from the view alone, so that what a view hides no
 * frame can show. Answers of others are no frames, and how many are asked is in none: they are
 * counted (`countsOf`).
 */
export function changeOf(event: QuizEvent, state: QuizState, user: string): QuizChange | null {
  const parts = partsOf(event, user)
  if (parts === null) return null
  const last = state.messages.at(-1)
  const message = last?.seq === state.seq ? last : null
  return { version: state.seq, at: state.at, parts: partsFor(parts, state, user), message, member: memberOf(event) }
}

/** Nobody's view is made for what shows no part of it: a message to 1,000 occupants. */
function partsFor(parts: readonly Part[], state: QuizState, user: string): QuizChange['parts'] {
  if (parts.length === 0) return {}
  const view = viewOf(state, user)
  return Object.fromEntries(parts.map((part) => [part, view[part]] as const))
}

function memberOf(event: QuizEvent): QuizChange['member'] {
  switch (event.type) {
    case 'occupant.joined':
    case 'occupant.added':
      return { how: 'in', user: event.user }
    case 'occupant.left':
    case 'occupant.kicked':
      return { how: 'out', user: event.user }
    case 'occupant.invited':
      return { how: 'invited', user: event.user }
    default:
      return null
  }
}

function partsOf(event: QuizEvent, user: string): readonly Part[] | null {
  switch (event.type) {
    case 'room.created':
      return ['room', 'kind', 'createdAt', 'deck', 'owner', 'occupants', 'invited', ...MINE, 'conductor', 'ended']
    case 'occupant.joined':
    case 'occupant.added':
    case 'occupant.invited':
    case 'occupant.left':
    case 'occupant.kicked':
      return event.user === user ? MINE : []
    case 'message.published':
      return event.by === user ? GAME : []
    case 'evanescent.spawned':
    case 'evanescent.returned':
      return []
    case 'conductor.wanted':
    case 'conductor.configured':
    case 'conductor.started':
    case 'conductor.released':
    case 'conductor.ended':
      return CONDUCTOR
    case 'room.ended':
    case 'room.returned':
      return ['ended']
    case 'answer.given':
      return event.by === user ? GAME : null
    case 'command.noted':
      return null
    default:
      return GAME
  }
}

/** The view after a change: what a client folds. It keeps no more than the newest messages (seed 4). */
export function changed(view: QuizView, { version, at, parts, message, member }: QuizChange): QuizView {
  const messages = message === null ? view.messages : [...view.messages, message].slice(-LIMITS.quiz.messages)
  return { ...view, ...membersAfter(view, member), ...parts, version, at, messages }
}

function membersAfter({ occupants, invited }: QuizView, member: QuizChange['member']) {
  if (member === null) return null
  const without = (users: readonly string[]) => users.filter((user) => user !== member.user)
  if (member.how === 'invited') return { invited: [...invited, member.user] }
  if (member.how === 'out') return { occupants: without(occupants) }
  return { occupants: [...occupants, member.user], invited: without(invited) }
}
