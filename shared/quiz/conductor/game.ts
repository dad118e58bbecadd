import type { Answer } from '../../deck/answers.ts'
import type { Card } from '../../deck/cards.ts'
import { EMPTY, type Table } from '../table.ts'
import type { CardTraits } from './grader.ts'

/** Where a quiz is. A pause is not one of them but stands over them: what was paused goes on afterwards (clock.ts). */
export type Phase = 'lobby' | 'question' | 'reveal' | 'scoreboard' | 'end'

/** The time of a phase. It stands still from `frozenAt` on: while paused, and while the conductor is dormant. ms by mongod's clock. */
export interface Clock {
  from: number
  /** How long until the phase passes by itself; null: it waits for a control command. */
  ms: number | null
  frozenAt: number | null
}

/** What a host asked of the conductor that it has not done yet. */
export type Wish = 'start' | 'skip' | 'next' | 'end'

/** An answer to the open question. */
export interface Given {
  /** In the card's own positions. */
  value: Answer
  /** Since the question opened, as the log has it. */
  ms: number
  late: boolean
}

/** What became of an answer. */
export interface Mark {
  /** null: the card is not scored. */
  credit: number | null
  points: number
  ms: number
  late: boolean
  /** Kept where it may be graded again. */
  value?: Answer
}

export interface Player {
  /** The first question that counts for them. */
  since: number
  spectator: boolean
  points: number
  /** Right answers in a row. */
  streak: number
  /** Questions in a row that they did not answer. */
  silent: number
  warned: boolean
  /** By question; null: none given. Shorter than the round where they came late. */
  marks: readonly (Mark | null)[]
}

/** A question of the round, as it was asked. */
export interface Asked extends CardTraits {
  card: Card
  limitMs: number
  /** Answers accepted after the reveal. */
  accepted: readonly string[]
}

/** What remains of a round. */
export interface RoundRecord {
  round: number
  /** Of the orders in which players see options (grader.ts): no client sees it. */
  salt: string
  asked: readonly Asked[]
  players: Table<Player>
}

/** The conductor's part of a room's state: all that it knows, so that its successor goes on from the log alone. */
export interface Game extends RoundRecord {
  phase: Phase
  paused: boolean
  clock: Clock
  wish: Wish | null
  /** Ids of the round's cards. */
  order: readonly string[]
  /** Where in `order` the next card is looked for. */
  position: number
  /** Answers to the newest question, until the next one. */
  given: Table<Given>
  /** Whom the owner wants kicked. */
  kicks: readonly string[]
  /** The round before this one, for its results. */
  previous: RoundRecord | null
}

/** The lobby of a round. */
export const lobbyOf = (round: number, clock: Clock, previous: RoundRecord | null): Game => ({
  round,
  phase: 'lobby',
  paused: false,
  clock,
  wish: null,
  salt: '',
  order: [],
  position: 0,
  asked: [],
  given: EMPTY,
  players: EMPTY,
  kicks: [],
  previous,
})

/** The index of the newest question; -1 before the first. */
export const questionOf = ({ asked }: RoundRecord) => asked.length - 1
