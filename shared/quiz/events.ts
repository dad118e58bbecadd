import type { Answer } from '../deck/answers.ts'
import type { Card } from '../deck/cards.ts'
import type { Json } from '../json.ts'
import type { Mark } from './conductor/game.ts'
import type { CardTraits } from './conductor/grader.ts'
import type { Control } from './controls.ts'
import type { QuizPayload } from './settings.ts'
import type { EndReason, QuizKind, ReturnTo } from './state.ts'

/** What every event has: who did it and when (ms, mongod's clock, never before the event before it). */
export interface Stamp {
  at: number
  by: string
  /** A conductor's: the epoch under which it was done, that of the state (the fence). */
  epoch?: number
}

/** Membership and messages. */
export type RoomEvent =
  | {
      type: 'room.created'
      room: string
      kind: QuizKind
      deck: string | null
      owner: string | null
      parent: string | null
      occupants: readonly string[]
      payload: QuizPayload | null
    }
  /** The commit point of a return: what follows from it is in follow.ts. */
  | { type: 'room.ended'; reason: EndReason; returnTo: ReturnTo | null }
  /** The return is done: clients go there; null: to the deck, since the parent had closed and there is nobody else. The one event after `room.ended`. */
  | { type: 'room.returned'; room: string | null }
  | { type: 'occupant.joined'; user: string }
  /** In at once: invited to a group room, or brought back to it. */
  | { type: 'occupant.added'; user: string }
  /** May come: invited to a HostedPerpetual or GroupEvanescent room. */
  | { type: 'occupant.invited'; user: string }
  | { type: 'occupant.left'; user: string }
  | { type: 'occupant.kicked'; user: string; reason: string }
  | { type: 'message.published'; text: string; proposal: Json }
  /** The commit point of an evanescent room, and the message that moves the clients there. */
  | { type: 'evanescent.spawned'; child: string; occupants: readonly string[]; payload: QuizPayload }
  | { type: 'evanescent.returned'; child: string; reason: EndReason }
  /** An accepted command that changed nothing (a second join, a second answer): its id is used up. */
  | { type: 'command.noted' }

/** The life of conductors. */
export type ConductorEvent =
  /** From zero conductors to one. */
  | { type: 'conductor.wanted'; payload: QuizPayload }
  | { type: 'conductor.configured'; payload: QuizPayload }
  | { type: 'conductor.started'; epoch: number; holder: string }
  /** `dormant`: nobody is there, so that its time stands still; `handover`: another process goes on. */
  | { type: 'conductor.released'; why: 'dormant' | 'handover' }
  | { type: 'conductor.ended'; reason: 'terminated' | EndReason }

/** A quiz. `round` and `question` count from 1 and from 0. */
export type GameEvent =
  | { type: 'control.given'; control: Control }
  | { type: 'lobby.opened'; round: number; reason: 'again' | 'no-cards' }
  | { type: 'round.started'; round: number; order: readonly string[]; salt: string }
  | {
      type: 'question.opened'
      question: number
      /** With its key. */
      card: Card
      /** Where in the round's order. */
      position: number
      traits: CardTraits
      limitMs: number
    }
  /** `late`: it came after deadline and grace, or after the reveal, and gets no points. */
  | { type: 'answer.given'; question: number; value: Answer; ms: number; late: boolean }
  /** The key may be seen from here on. `marks`: of all who answered. */
  | { type: 'question.revealed'; question: number; why: RevealReason; marks: readonly (readonly [string, Mark])[] }
  /** An answer is right after all; `marks`: all that it changes, later ones too where streaks count. */
  | { type: 'answer.accepted'; question: number; value: string; marks: readonly Remark[] }
  /** `marks`: of a card that players graded themselves, after its reveal. */
  | { type: 'scoreboard.shown'; question: number; marks: readonly (readonly [string, Mark])[] }
  | { type: 'occupant.warned'; users: readonly string[] }
  | { type: 'round.ended'; round: number }

export type RevealReason = 'deadline' | 'answered' | 'skip'

/** A mark that changed. */
export interface Remark {
  user: string
  question: number
  credit: number | null
  points: number
}

/** What happened in a quiz room, in its log's order. */
export type QuizEvent = Stamp & (RoomEvent | ConductorEvent | GameEvent)
export type EventOf<T extends QuizEvent['type']> = Extract<QuizEvent, { type: T }>
