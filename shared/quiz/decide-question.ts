import type { Card } from '../deck/cards.ts'
import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import type { StepOf } from './commands.ts'
import { elapsed } from './conductor/clock.ts'
import { questionOf } from './conductor/game.ts'
import { traitsOf } from './conductor/grader.ts'
import { marksOf } from './conductor/marks.ts'
import { allAnswered } from './conductor/players.ts'
import type { Played } from './decide-conduct.ts'
import { type Answer, conflict, done, type Scene } from './decision.ts'
import type { EventOf } from './events.ts'
import type { QuizPayload } from './settings.ts'

/** Out of the lobby: a round and its first question. Errors: version-conflict, limit-reached (questions). */
export function beginning(state: Played, step: StepOf<'begin'>, scene: Scene): Answer {
  const { game } = state
  const { round, order, salt, position, card } = step
  if (game.phase !== 'lobby' || game.paused || game.round !== round || state.occupants.length === 0)
    return conflict(state)
  if (order.length > LIMITS.quiz.questions)
    return new RuleError('limit-reached', { what: 'questions', limit: LIMITS.quiz.questions })
  const opened = openedOf({ question: 0, position, card }, state)
  return opened === null ? conflict(state) : done([{ type: 'round.started', round, order, salt }, opened], state, scene)
}

/** The next question. Error: version-conflict. */
export function opening(state: Played, { round, after, position, card }: StepOf<'open'>, scene: Scene): Answer {
  const { game } = state
  if (game.phase !== 'scoreboard' || game.paused || game.round !== round || questionOf(game) !== after)
    return conflict(state)
  const opened = openedOf({ question: after + 1, position, card }, state)
  return opened === null ? conflict(state) : done([opened], state, scene)
}

interface Next {
  question: number
  position: number
  card: Card
}

function openedOf(next: Next, { conductor }: Played): Omit<EventOf<'question.opened'>, 'at' | 'by'> | null {
  if (conductor.payload === null) return null
  const limitMs = next.card.limitMs ?? conductor.payload.questionMs
  return { type: 'question.opened', ...next, traits: traitsOf(next.card), limitMs }
}

/**
 * Ends the open question and scores it, once: on the answers that stand before this event in the log. By time only at deadline and
 * grace; by answers only if all who are there have answered. Error: version-conflict (paused, extended, somebody joined meanwhile).
 */
export function revealing(state: Played, step: StepOf<'reveal'>, scene: Scene): Answer {
  const { game, conductor } = state
  const { payload } = conductor
  if (payload === null || game.phase !== 'question' || game.paused) return conflict(state)
  if (game.round !== step.round || questionOf(game) !== step.question) return conflict(state)
  if (!isDue(state, step, { now: scene.now, graceMs: payload.graceMs })) return conflict(state)
  const marks = marksOf(game, payload.scoring)
  return done([{ type: 'question.revealed', question: step.question, why: step.why, marks }], state, scene)
}

type Due = { now: number } & Pick<QuizPayload, 'graceMs'>

function isDue(state: Played, { why, absent }: StepOf<'reveal'>, { now, graceMs }: Due): boolean {
  const { game } = state
  if (why === 'skip') return game.wish === 'skip'
  if (why === 'answered') return !game.asked.at(-1)?.selfGraded && allAnswered(state, game, new Set(absent))
  return game.clock.ms !== null && elapsed(game.clock, now) >= game.clock.ms + graceMs
}
