import type { Json } from '../json.ts'
import type { Game } from './conductor/game.ts'
import type { QuizPayload } from './settings.ts'

/** The three kinds of seed 4. */
export type QuizKind = 'HostedPerpetual' | 'GroupPerpetual' | 'GroupEvanescent'

/** A quiz room (seed 4) as folded from its log: plain JSON, so that a snapshot is its text. */
export interface QuizState {
  room: string
  kind: QuizKind
  /** Of the newest event. */
  seq: number
  /** When the newest event was, ms by mongod's clock. */
  at: number
  createdAt: number
  /** HostedPerpetual: the deck of the room. GroupEvanescent: the deck that it serves. */
  deck: string | null
  /** HostedPerpetual: the deck's owner, who controls and is never kicked. */
  owner: string | null
  /** GroupEvanescent: the group room that it was spawned from. No client sees it (view.ts). */
  parent: string | null
  /** In the order of arrival. */
  occupants: readonly string[]
  /** With whom a GroupEvanescent room began; who is not among them was added. Empty in the other kinds. */
  founders: readonly string[]
  /** Who was invited and has not joined: HostedPerpetual and GroupEvanescent. */
  invited: readonly string[]
  /** The newest displayable messages, oldest first; LIMITS.quiz.messages at most. */
  messages: readonly Message[]
  conductor: Conductor
  /** What the conductor knows; null while there is none. */
  game: Game | null
  /** The tombstone. Occupants stay as they were at the end: they may read it. */
  ended: Ended | null
}

/** The room's association with a quizconductor. Who runs it now is the lease's matter; what its epoch may do is this. */
export interface Conductor {
  /** What it is made from; null: the room has zero conductors. */
  payload: QuizPayload | null
  /** Of the newest `conductor.started`, 0 before the first. It only grows, over terminations too. */
  epoch: number
  /** Which process has that epoch; null: dormant, on its way to another one, or ended. */
  holder: string | null
}

/** Something to display. `seq` is its event's, and its id. */
export interface Message {
  seq: number
  at: number
  /** null: the quizconductor, or the room itself. */
  by: string | null
  text: string
  about: About | null
}

/** What a message is about, beside its text. */
export type About =
  /** What kind of quiz somebody would like (seed 4: informative messages): as clients agree among themselves. */
  | { type: 'proposal'; proposal: Json }
  /** Clients replace this room by the child. */
  | { type: 'spawned'; child: string }
  /** The occupants are back from an evanescent room. */
  | { type: 'returned'; child: string; reason: EndReason }

/**
 * Why a room is over. `finished`: the quizconductor came to its end. `no-cards`: it had nothing to ask. `conductor-lost`,
 * `never-started`: there is none and will be none. `empty`: the last occupant left. `idle`: nobody used it for very long.
 */
export type EndReason = 'finished' | 'no-cards' | 'conductor-lost' | 'never-started' | 'empty' | 'idle'

/** Where the occupants of an evanescent room go when it ends. */
export type ReturnTo =
  /** The room that it was spawned from; if that is closed by then: ending.ts, `withoutParent`. */
  | { to: 'parent'; room: string; occupants: readonly string[] }
  /** The group room with exactly these occupants, found or made. */
  | { to: 'group'; occupants: readonly string[] }
  | { to: 'deck'; deck: string | null; occupants: readonly string[] }

export interface Ended {
  at: number
  reason: EndReason
  returnTo: ReturnTo | null
  /** The room that the occupants were returned to, once that is done. */
  returnedTo: string | null
}
