import type { Answer } from '../deck/answers.ts'
import type { Card } from '../deck/cards.ts'
import { type CardView, hideKey } from '../deck/view.ts'
import { shuffled } from '../deck/shuffle.ts'
import { LIMITS } from '../limits.ts'
import { type Asked, type Clock, type Game, type Mark, questionOf } from './conductor/game.ts'
import { orderFor } from './conductor/grader.ts'
import { asked as askedOf, plays } from './conductor/players.ts'
import { type Standing, type Standings, standingsOf } from './conductor/results.ts'
import type { HostPhase } from './controls.ts'
import { isUnsettled } from './evolve-question.ts'
import type { QuizState } from './state.ts'
import { entriesOf, entryOf, sizeOf } from './table.ts'

/** A quiz as one viewer sees it. */
export interface GameView {
  round: number
  phase: HostPhase
  /** Of the phase, or of the one under a pause (clock.ts). */
  clock: Clock
  /** How many questions the round has, and which is the newest, from 0; -1: none yet. */
  questions: number
  question: number
  /** null: none was asked yet. */
  asked: QuestionView | null
  /** From the first reveal on: the best, at most LIMITS.quiz.shown. */
  standings: readonly Standing[]
  mine: MineView | null
}

export interface QuestionView {
  limitMs: number
  /** In the viewer's own order of options. */
  card: CardView
  /** How many have answered, of how many who are asked. */
  answered: number
  of: number
  /** From the reveal on. */
  key: KeyView | null
}

export interface KeyView {
  /** With the key, in the card's own positions. */
  card: Card
  /** `order[shown]` is the position of the card. */
  order: readonly number[]
  /** Accepted after the reveal. */
  accepted: readonly string[]
  /**
   * The most frequent answers, in the card's own positions; LIMITS.quiz.shown at most. Of those in time, once the question is scored: what
   * comes later is in no frame of others. A flash card's is empty before its scoreboard.
   */
  tally: readonly { answer: Answer; count: number }[]
}

/** What only the viewer sees. */
export interface MineView {
  spectator: boolean
  points: number
  streak: number
  warned: boolean
  /** null: not in the standings (a spectator). */
  rank: number | null
  /** To the newest question, in the positions that the viewer sees, as it was sent; null: none given. */
  answer: Answer | null
  /** What became of it; null before the reveal, or without an answer. */
  mark: Mark | null
  /** Whether an answer to the newest question would be taken now. */
  mayAnswer: boolean
}

export function gameView(state: QuizState, game: Game, user: string): GameView {
  const standings = standingsOf(game)
  const isScored = game.phase !== 'lobby' && (questionOf(game) > 0 || game.phase !== 'question')
  return {
    round: game.round,
    phase: game.paused ? 'pause' : game.phase,
    clock: game.clock,
    questions: game.order.length,
    question: questionOf(game),
    asked: questionView(state, game, user),
    standings: isScored ? standings.list.slice(0, LIMITS.quiz.shown) : [],
    mine: mineView(game, user, standings),
  }
}

function questionView(state: QuizState, game: Game, user: string): QuestionView | null {
  const asked = game.asked.at(-1)
  if (asked === undefined) return null
  const order = orderFor(asked.card, { salt: game.salt, user })
  const { limitMs, accepted, card } = asked
  const key = game.phase === 'question' ? null : { card, order, accepted, tally: tallyOf(game) }
  return { limitMs, card: hideKey(card, order), ...countsOf(state, game), key }
}

/** What others learn of answers before the reveal; the service sends it at most five times a second (room-log.md 17). */
export function countsOf(state: QuizState, game: Game): { answered: number; of: number } {
  const known = counted.get(state)
  if (known !== undefined) return known
  const counts = { answered: sizeOf(game.given), of: askedOf(state, game).length }
  counted.set(state, counts)
  return counts
}

const counted = new WeakMap<QuizState, { answered: number; of: number }>()

const tallies = new WeakMap<Game['given'], KeyView['tally']>()

/** Equal answers are counted together. Made once a table, since every viewer sees the same. */
function tallyOf(game: Game): KeyView['tally'] {
  if (isUnsettled(game)) return []
  const { given } = game
  const known = tallies.get(given)
  if (known !== undefined) return known
  const inTime = entriesOf(given).filter(([, { late }]) => !late)
  const groups = Map.groupBy(inTime, ([, { value }]) => JSON.stringify(value))
  const tally = [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : [{ answer: group[0][1].value, count: group.length }]))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, LIMITS.quiz.shown)
  tallies.set(given, tally)
  return tally
}

function mineView(game: Game, user: string, standings: Standings): MineView | null {
  const player = entryOf(game.players, user)
  if (player === null) return null
  const { spectator, points, streak, warned } = player
  const given = entryOf(game.given, user)
  const mark = player.marks[questionOf(game)] ?? null
  const rank = standings.ranks.get(user) ?? null
  const mayAnswer = isTaken(game) && given === null && mark === null && plays(player, questionOf(game))
  const answer = given === null ? null : shownTo(user, game, given.value)
  return { spectator, points, streak, warned, rank, answer, mark, mayAnswer }
}

/** The card's own positions would tell the key: of what is to be put in order they are the right order. */
function shownTo(user: string, { asked, salt }: Game, answer: Answer): Answer {
  const card = asked.at(-1)?.card
  return card === undefined ? answer : shuffled(answer, orderFor(card, { salt, user }))
}

const isTaken = ({ phase, paused, asked }: Game) => !paused && isAnswerTime(phase, asked.at(-1))
const isAnswerTime = (phase: Game['phase'], asked: Asked | undefined) =>
  asked !== undefined && asked.answerable && phase === (asked.selfGraded ? 'reveal' : 'question')
