import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import type { CommandOf } from './commands.ts'
import { type Answer, capacityOf, done, limitReached, noted, type Scene } from './decision.ts'
import type { QuizState } from './state.ts'

/**
 * Adds the actor to the occupants; idempotent. HostedPerpetual: anybody. GroupPerpetual: who has a friend among the occupants of this
 * very moment. GroupEvanescent: who was invited. Errors: not-friend, not-invited, room-full.
 */
export function join(state: QuizState, { facts }: CommandOf<'join'>, scene: Scene): Answer {
  const { user } = scene.actor
  if (state.occupants.includes(user)) return noted(state, scene)
  if (state.kind === 'GroupPerpetual' && !facts.friends.some((friend) => state.occupants.includes(friend)))
    return new RuleError('not-friend')
  if (state.kind === 'GroupEvanescent' && !state.invited.includes(user)) return new RuleError('not-invited')
  return fullness(state) ?? done([{ type: 'occupant.joined', user }], state, scene)
}

/** The last leave closes a group's room, since it has at least one occupant. Idempotent. Error: cannot-leave (GroupEvanescent). */
export function leave(state: QuizState, scene: Scene): Answer {
  const { user } = scene.actor
  if (state.kind === 'GroupEvanescent') return new RuleError('cannot-leave')
  if (!state.occupants.includes(user)) return noted(state, scene)
  const left = { type: 'occupant.left', user } as const
  const isLast = state.kind === 'GroupPerpetual' && state.occupants.length === 1
  return done(isLast ? [left, { type: 'room.ended', reason: 'empty', returnTo: null }] : [left], state, scene)
}

/**
 * An occupant brings a friend: at once into a group's room, else by an invitation that lets them join. An invitation of somebody who is
 * in, or invited already, changes nothing. Errors: not-occupant, not-friend, room-full, limit-reached.
 */
export function invite(state: QuizState, { user, facts }: CommandOf<'invite'>, scene: Scene): Answer {
  if (!state.occupants.includes(scene.actor.user)) return new RuleError('not-occupant')
  if (state.occupants.includes(user) || state.invited.includes(user)) return noted(state, scene)
  if (!facts.friends.includes(user)) return new RuleError('not-friend')
  if (state.kind === 'GroupPerpetual') return fullness(state) ?? done([{ type: 'occupant.added', user }], state, scene)
  if (state.invited.length >= LIMITS.quiz.invited) return limitReached('invited')
  return done([{ type: 'occupant.invited', user }], state, scene)
}

function fullness(state: QuizState): RuleError | null {
  const limit = capacityOf(state)
  return state.occupants.length < limit ? null : new RuleError('room-full', { what: 'capacity', limit })
}
