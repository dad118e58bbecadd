import { RuleError } from '../rules.ts'
import type { CommandOf } from './commands.ts'
import { type Answer, done, moved, sameUsers, type Scene } from './decision.ts'
import { messageFault, othersFault } from './faults.ts'
import type { QuizState } from './state.ts'

/** Only occupants publish; a conductor does so by `conduct`. Errors: not-occupant, bad-request (blank), limit-reached. */
export function message(state: QuizState, command: CommandOf<'message'>, scene: Scene): Answer {
  if (!state.occupants.includes(scene.actor.user)) return new RuleError('not-occupant')
  const { text, proposal } = command
  return messageFault(command) ?? done([{ type: 'message.published', text, proposal }], state, scene)
}

/**
 * A requested group room was found: the message that comes with the request is appended to it, if it still has exactly the actor and
 * `others` as its occupants; else the result says that it has `moved` (look again). Errors: not-friend, limit-reached, bad-request.
 */
export function request(state: QuizState, command: CommandOf<'request'>, scene: Scene): Answer {
  const { others, facts, text, proposal } = command
  const fault = othersFault(others, facts.friends, scene) ?? messageFault(command)
  if (fault !== null) return fault
  const isIt = state.kind === 'GroupPerpetual' && sameUsers(state.occupants, [scene.actor.user, ...others])
  return isIt ? done([{ type: 'message.published', text, proposal }], state, scene) : moved(state, scene)
}
