import type { Rule } from '../rules.ts'
import { type Role, roleOf } from './controls.ts'
import type { QuizEvent } from './events.ts'
import type { QuizPayload } from './settings.ts'
import type { EndReason, Message, QuizKind, QuizState, ReturnTo } from './state.ts'
import { type GameView, gameView } from './view-game.ts'

/** A quiz room as one of its occupants sees it. Times are ms by mongod's clock. */
export interface QuizView {
  room: string
  kind: QuizKind
  version: number
  at: number
  createdAt: number
  deck: string | null
  owner: string | null
  occupants: readonly string[]
  /** Who was invited and is not there yet. */
  invited: readonly string[]
  messages: readonly Message[]
  /** `null`: there is none. `awake`: some worker runs it. */
  conductor: { payload: QuizPayload; awake: boolean } | null
  role: Role
  game: GameView | null
  ended: EndedView | null
}

export interface EndedView {
  at: number
  reason: EndReason
  /** Where to go. `room` null: it is being found or made; `room.returned` tells. null: nowhere. */
  returnTo: { to: 'room'; room: string | null } | { to: 'deck'; deck: string | null } | null
}

/**
 * The room for one viewer, who may read it (`mayRead`). Each field is named here, so that a new one stays hidden until somebody shows
 * it. Never shown: the parent of an evanescent room and with whom it began (seed 4), keys before the reveal, other players' answers
 * before it, orders and salts.
 */
export function viewOf(state: QuizState, user: string): QuizView {
  const { room, kind, seq, at, createdAt, deck, owner, occupants, invited, messages, conductor, game, ended } = state
  const { payload, holder } = conductor
  return {
    ...{ room, kind, version: seq, at, createdAt, deck, owner, occupants, invited, messages },
    conductor: payload === null ? null : { payload, awake: holder !== null },
    role: roleOf(state, user),
    game: game === null ? null : gameView(state, game, user),
    ended: ended === null ? null : endedView(ended),
  }
}

/** That the room to go to is the parent is not said; which one it is, only when the return is done. */
export function endedView(ended: {
  at: number
  reason: EndReason
  returnTo: ReturnTo | null
  returnedTo: string | null
}) {
  const { at, reason, returnTo, returnedTo } = ended
  return { at, reason, returnTo: destinationOf(returnTo, returnedTo) } satisfies EndedView
}

function destinationOf(returnTo: ReturnTo | null, room: string | null): EndedView['returnTo'] {
  if (returnTo === null) return null
  if (room !== null || returnTo.to !== 'deck') return { to: 'room', room }
  return { to: 'deck', deck: returnTo.deck }
}

/**
 * The rule that keeps somebody from reading a room, or null: its occupants read it, and the owner of a HostedPerpetual room. Services
 * read for a user whom they name, who must be one of these.
 */
export const mayRead = (state: QuizState, user: string): Extract<Rule, 'not-occupant'> | null =>
  state.occupants.includes(user) || user === state.owner ? null : 'not-occupant'

/** The rule that ends a viewer's stream with this event, or null; the event is the last that they may see. `state`: right after it. */
export function endsStream(event: QuizEvent, user: string, state: QuizState): Rule | null {
  switch (event.type) {
    case 'room.ended':
      // But for those that go to a deck, an evanescent room has one more event: where to go.
      return event.returnTo === null || event.returnTo.to === 'deck' ? 'room-gone' : null
    case 'room.returned':
      return 'room-gone'
    case 'occupant.left':
    case 'occupant.kicked':
      return event.user === user ? mayRead(state, user) : null
    default:
      return null
  }
}
