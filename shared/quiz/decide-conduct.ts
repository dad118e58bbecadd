import { RuleError } from '../rules.ts'
import type { CommandOf, StepOf } from './commands.ts'
import { type Game, questionOf } from './conductor/game.ts'
import { marksOf } from './conductor/marks.ts'
import { isAbandoned, mayBeKicked, silentOnes } from './conductor/silence.ts'
import { fence } from './decide-conductor.ts'
import { beginning, opening, revealing } from './decide-question.ts'
import { type Answer, conflict, done, type Scene } from './decision.ts'
import { evanescentEnd } from './ending.ts'
import { messageFault } from './faults.ts'
import type { QuizState } from './state.ts'

/** The state, with the conductor's part of it. */
export type Played = QuizState & { game: Game }

/**
 * A step of the conductor, which has decided it on a state that may have moved on: what it was decided on is looked at again here, inside
 * the write. Its events carry the epoch. Errors: stale-epoch (stop), version-conflict (look again), wrong-kind, forbidden.
 */
export function conduct(state: QuizState, command: CommandOf<'conduct'>, scene: Scene): Answer {
  const refusal = fence(state, command.epoch)
  if (refusal !== null) return refusal
  if (state.game === null) return conflict(state)
  const answer = stepped({ ...state, game: state.game }, command.step, scene)
  if (answer instanceof RuleError) return answer
  return { ...answer, events: answer.events.map((event) => ({ ...event, epoch: command.epoch })) }
}

function stepped(state: Played, step: CommandOf<'conduct'>['step'], scene: Scene): Answer {
  switch (step.type) {
    case 'begin':
      return beginning(state, step, scene)
    case 'open':
      return opening(state, step, scene)
    case 'reveal':
      return revealing(state, step, scene)
    case 'scoreboard':
      return scoreboard(state, step, scene)
    case 'finish':
      return finish(state, step, scene)
    case 'lobby':
      return lobby(state, step, scene)
    case 'warn':
      return warn(state, step, scene)
    case 'kick':
      return kick(state, step, scene)
    case 'say':
      return messageFault({ text: step.text, proposal: null }) ?? said(state, step, scene)
    case 'end':
      return end(state, step, scene)
  }
}

/** What players graded themselves after the reveal is scored here. */
function scoreboard(state: Played, { round, question }: StepOf<'scoreboard'>, scene: Scene): Answer {
  const { game } = state
  const isNow = game.round === round && questionOf(game) === question && game.phase === 'reveal' && !game.paused
  const { payload } = state.conductor
  if (!isNow || payload === null) return conflict(state)
  const marks = game.asked[question]?.selfGraded ? marksOf(game, payload.scoring) : []
  return done([{ type: 'scoreboard.shown', question, marks }], state, scene)
}

/** A pause holds the end off, but for a host who wants it, and for a room in which nothing happens any more. */
function finish(state: Played, { round }: StepOf<'finish'>, scene: Scene): Answer {
  const { game } = state
  const isOn = game.round === round && game.phase !== 'lobby' && game.phase !== 'end'
  const isHeld = game.paused && game.wish !== 'end' && !isAbandoned(state, scene.now)
  return isOn && !isHeld ? done([{ type: 'round.ended', round }], state, scene) : conflict(state)
}

/** The next round's lobby, or a lobby that has nothing to ask. Error: wrong-kind (an evanescent conductor has one round). */
function lobby(state: Played, { round, reason }: StepOf<'lobby'>, scene: Scene): Answer {
  if (state.kind === 'GroupEvanescent') return new RuleError('wrong-kind')
  const { game } = state
  const isNow = reason === 'again' ? game.phase === 'end' && round === game.round + 1 : isLobby(game, round)
  return isNow ? done([{ type: 'lobby.opened', round, reason }], state, scene) : conflict(state)
}
const isLobby = ({ phase, round }: Game, wanted: number) => phase === 'lobby' && round === wanted

/** Only those who are silent still. */
function warn(state: Played, { users }: StepOf<'warn'>, scene: Scene): Answer {
  const silent = silentOnes(state).toWarn
  const left = users.filter((user) => silent.includes(user))
  return left.length === 0 ? conflict(state) : done([{ type: 'occupant.warned', users: left }], state, scene)
}

/** Errors: wrong-kind (a group does not honour it), forbidden (the owner), version-conflict (not there, or not silent any more). */
function kick(state: Played, { user, reason }: StepOf<'kick'>, scene: Scene): Answer {
  if (state.kind !== 'HostedPerpetual') return new RuleError('wrong-kind')
  if (!mayBeKicked(state, user)) return new RuleError('forbidden')
  if (!state.occupants.includes(user)) return conflict(state)
  if (reason === 'silent' && !silentOnes(state).toKick.includes(user)) return conflict(state)
  return done([{ type: 'occupant.kicked', user, reason }], state, scene)
}

const said = (state: Played, { text }: StepOf<'say'>, scene: Scene) =>
  done([{ type: 'message.published', text, proposal: null }], state, scene)

/** The end of an evanescent conductor is that of its room. Errors: wrong-kind (a perpetual one does not end), version-conflict. */
function end(state: Played, { reason }: StepOf<'end'>, scene: Scene): Answer {
  if (state.kind !== 'GroupEvanescent') return new RuleError('wrong-kind')
  const { phase } = state.game
  const isOver = phase === 'end' || (phase === 'lobby' && reason !== 'finished')
  return isOver ? done(evanescentEnd(state, reason), state, scene) : conflict(state)
}
