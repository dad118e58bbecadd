import type { Answer as CardAnswer } from '../deck/answers.ts'
import { RuleError } from '../rules.ts'
import type { CommandOf } from './commands.ts'
import { elapsed } from './conductor/clock.ts'
import { type Asked, type Game, questionOf } from './conductor/game.ts'
import { orderFor, ownAnswer } from './conductor/grader.ts'
import { isRunning, plays } from './conductor/players.ts'
import { type Answer, done, noted, type Scene } from './decision.ts'
import { isUnsettled } from './evolve-question.ts'
import type { QuizState } from './state.ts'
import { entryOf } from './table.ts'

/**
 * A player's answer goes into the log itself, with no conductor between. The first counts, by the log's order; one after deadline and
 * grace, or after the reveal, is kept as late and gets no points. A flash card is answered after its reveal. The result says what
 * became of it: `counted` false: there is one already. Errors: not-occupant, no-conductor, question-over, wrong-phase (paused; a flash
 * card before its reveal), not-playing, answer-mismatch.
 */
export function answer(state: QuizState, command: CommandOf<'answer'>, scene: Scene): Answer {
  const { user } = scene.actor
  const { game, conductor } = state
  if (!state.occupants.includes(user)) return new RuleError('not-occupant')
  if (game === null || conductor.payload === null) return new RuleError('no-conductor')
  const value = fitting(game, command, user)
  if (value instanceof RuleError) return value
  if (entryOf(game.given, user) !== null) return noted(state, scene, { counted: false })
  const times = timesOf(game, Math.min(command.facts.receivedAt, scene.now), conductor.payload.graceMs)
  const event = { type: 'answer.given', question: command.question, value, ...times } as const
  return { ...done([event], state, scene), result: { counted: true, late: times.late } }
}

/** The answer in the card's own positions, or the rule that keeps it out. */
function fitting(game: Game, command: CommandOf<'answer'>, user: string): CardAnswer | RuleError {
  const { round, question } = command
  const asked = game.asked[question]
  if (game.round !== round || question !== questionOf(game) || asked === undefined || !isRunning(game))
    return new RuleError('question-over')
  if (game.paused || (asked.selfGraded && game.phase === 'question')) return new RuleError('wrong-phase')
  const player = entryOf(game.players, user)
  if (player === null || player.spectator) return new RuleError('not-playing')
  // Whoever was not there when it was scored has no part in it.
  const missedIt = !isUnsettled(game) && player.marks.length <= question
  if (missedIt || !plays(player, question)) return new RuleError('question-over')
  const order = orderFor(asked.card, { salt: game.salt, user })
  const own = asked.answerable ? ownAnswer(asked.card, command.value, order) : null
  return own ?? new RuleError('answer-mismatch')
}

/** `ms`: since the question opened, within its time. Nobody gains by a clock: both ends are the service's. */
function timesOf(game: Game, received: number, graceMs: number) {
  const { phase, clock, asked } = game
  const { limitMs, selfGraded } = asked.at(-1) ?? NO_QUESTION
  const passed = elapsed(clock, received)
  // To know a card is not to be quick with it.
  if (selfGraded) return { ms: 0, late: phase !== 'reveal' || (clock.ms !== null && passed > clock.ms + graceMs) }
  if (phase !== 'question') return { ms: limitMs, late: true }
  return { ms: Math.min(passed, limitMs), late: passed > limitMs + graceMs }
}
const NO_QUESTION: Pick<Asked, 'limitMs' | 'selfGraded'> = { limitMs: 0, selfGraded: false }
