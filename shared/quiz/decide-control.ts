import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import type { CommandOf } from './commands.ts'
import { type Game, questionOf } from './conductor/game.ts'
import { remarksOf } from './conductor/marks.ts'
import { type Admission, CONTROLS, type Control, roleOf } from './controls.ts'
import { type Answer, done, limitReached, noted, type Scene } from './decision.ts'
import { scoringFault } from './faults.ts'
import type { QuizState } from './state.ts'

/**
 * A host's command to the quizconductor. What needs no conductor (pause, more time) acts in this very event; what does (the next card)
 * is a wish that the conductor finds in the state, so that it outlives any conductor. One that is done already, or that another host was
 * faster with, is accepted and changes nothing. Errors: not-owner, not-occupant (who may not control), no-conductor, wrong-phase,
 * wrong-kind, and those of kick, accept and configure.
 */
export function control(state: QuizState, { control: wanted }: CommandOf<'control'>, scene: Scene): Answer {
  const { game } = state
  if (roleOf(state, scene.actor.user) !== 'host')
    return new RuleError(state.kind === 'HostedPerpetual' ? 'not-owner' : 'not-occupant')
  if (game === null) return new RuleError('no-conductor')
  const admission = admissionOf(state, game, wanted)
  if (admission === 'refused') return new RuleError('wrong-phase')
  if (admission === 'idle') return noted(state, scene)
  return act(state, wanted, { ...scene, game })
}

/** The table's word, and `idle` where the command means another round or question than the one that is on. */
export function admissionOf({ kind }: QuizState, game: Game, wanted: Control): Admission {
  const admission = CONTROLS[wanted.name][game.paused ? 'pause' : game.phase]
  if (admission !== 'does') return admission
  switch (wanted.name) {
    case 'start':
      if (kind === 'GroupEvanescent' && game.phase === 'end') return 'refused'
      return wanted.round === game.round + (game.phase === 'end' ? 1 : 0) && game.wish !== 'start' ? 'does' : 'idle'
    case 'skip':
    case 'next':
      return isNow(game, wanted) && game.wish !== wanted.name && game.wish !== 'end' ? 'does' : 'idle'
    case 'extend':
      return isNow(game, wanted) && game.phase === 'question' ? 'does' : 'idle'
    case 'end':
      return wanted.round === game.round && game.wish !== 'end' ? 'does' : 'idle'
    case 'accept':
      return wanted.round === game.round && isRevealed(game, wanted.question) ? 'does' : 'refused'
    default:
      return 'does'
  }
}

const isNow = (game: Game, { round, question }: { round: number; question: number }) =>
  round === game.round && question === questionOf(game)
const isRevealed = (game: Game, question: number) =>
  question < questionOf(game) || (question === questionOf(game) && game.phase !== 'question')

function act(state: QuizState, wanted: Control, scene: Scene & { game: Game }): Answer {
  switch (wanted.name) {
    case 'kick':
      return kick(state, wanted, scene)
    case 'accept':
      return accept(state, wanted, scene)
    case 'configure':
      return configure(state, wanted, scene)
    default:
      return done([{ type: 'control.given', control: wanted }], state, scene)
  }
}

/** The owner tells the conductor, and it the room (seed 4). Errors: wrong-kind (a group), forbidden (the owner), no-such-occupant. */
function kick(state: QuizState, wanted: Control & { name: 'kick' }, scene: Scene & { game: Game }): Answer {
  if (state.kind !== 'HostedPerpetual') return new RuleError('wrong-kind')
  if (wanted.user === state.owner) return new RuleError('forbidden')
  if (!state.occupants.includes(wanted.user)) return new RuleError('no-such-occupant')
  if (scene.game.kicks.includes(wanted.user)) return noted(state, scene)
  return done([{ type: 'control.given', control: wanted }], state, scene)
}

/** A typed answer is right after all: everything that this changes is scored again. Errors: wrong-kind (no such card), limit-reached. */
function accept(state: QuizState, wanted: Control & { name: 'accept' }, scene: Scene & { game: Game }): Answer {
  const { question, value } = wanted
  const asked = scene.game.asked[question]
  const { payload } = state.conductor
  if (payload === null || asked === undefined || !asked.regradable) return new RuleError('wrong-kind')
  if (asked.accepted.includes(value)) return noted(state, scene)
  if (asked.accepted.length >= LIMITS.quiz.accepted) return limitReached('accepted')
  const marks = remarksOf(scene.game, { question, value }, payload.scoring)
  return done([{ type: 'answer.accepted', question, value, marks }], state, scene)
}

/** Errors: deck-unplayable (another deck), bad-request (scoring). */
function configure(state: QuizState, { payload }: Control & { name: 'configure' }, scene: Scene): Answer {
  if (payload.deck !== state.conductor.payload?.deck) return new RuleError('deck-unplayable')
  return scoringFault(payload) ?? done([{ type: 'conductor.configured', payload }], state, scene)
}
