import { RuleError } from '../rules.ts'
import type { CommandOf } from './commands.ts'
import { type Answer, conflict, done, moved, noted, sameUsers, type Scene } from './decision.ts'
import { evanescentEnd } from './ending.ts'
import { payloadFault } from './faults.ts'
import type { QuizState } from './state.ts'

/**
 * A group room makes an evanescent one with the occupants of this moment. This event is the commit point and the message that moves the
 * clients; the child follows from it (room-log.md 13, follow.ts). Errors: wrong-kind, not-occupant, deck-unplayable, bad-request.
 */
export function spawn(state: QuizState, { child, payload, facts }: CommandOf<'spawn'>, scene: Scene): Answer {
  const { kind, occupants } = state
  if (kind !== 'GroupPerpetual') return new RuleError('wrong-kind')
  if (!occupants.includes(scene.actor.user)) return new RuleError('not-occupant')
  const fault = payloadFault(payload, facts)
  return fault ?? done([{ type: 'evanescent.spawned', child, occupants, payload }], state, scene)
}

/**
 * Those who come out of an evanescent room, with the reason as a message, without a friendship check. To the parent: who had left it is
 * added again. To a found room: only while it has exactly these occupants, else the result
 * says that it has `moved`. No limit keeps anybody out of the parent, so that only its end does, which is final. Errors: wrong-kind,
 * room-gone.
 */
export function takeBack(state: QuizState, command: CommandOf<'takeBack'>, scene: Scene): Answer {
  const { child, occupants, reason } = command
  if (state.kind !== 'GroupPerpetual') return new RuleError('wrong-kind')
  const message = { type: 'evanescent.returned', child, reason } as const
  if (command.as === 'exact')
    return sameUsers(state.occupants, occupants) ? done([message], state, scene) : moved(state, scene)
  const gone = occupants.filter((user) => !state.occupants.includes(user))
  return done([...gone.map((user) => ({ type: 'occupant.added' as const, user })), message], state, scene)
}

/** The one command that an ended room takes: its occupants were returned. The first counts. Errors: forbidden, wrong-phase (live). */
export function returned(state: QuizState, { to }: CommandOf<'returned'>, scene: Scene): Answer {
  if (!scene.actor.service) return new RuleError('forbidden')
  if (state.ended === null) return new RuleError('wrong-phase')
  if (state.ended.returnTo === null) return new RuleError('wrong-kind')
  const { returnTo, returnedTo } = state.ended
  if (returnedTo !== null || returnTo.to === 'deck') return noted(state, scene, { to: returnedTo })
  return { ...done([{ type: 'room.returned', room: to }], state, scene), result: { to } }
}

/**
 * Ends an evanescent room that has no conductor and will have none. Decided on the epoch that was found lost: a conductor that came
 * back under a newer one goes on. Errors: wrong-kind, stale-epoch.
 */
export function reap(state: QuizState, { epoch, reason }: CommandOf<'reap'>, scene: Scene): Answer {
  if (state.kind !== 'GroupEvanescent') return new RuleError('wrong-kind')
  const neverStarted = state.conductor.epoch === 0
  if (state.conductor.epoch !== epoch || neverStarted !== (reason === 'never-started'))
    return new RuleError('stale-epoch')
  return done(evanescentEnd(state, reason), state, scene)
}

/** The end of a perpetual room that nobody used for very long. Errors: wrong-kind, version-conflict (somebody came back). */
export function expire(state: QuizState, { idleSince }: CommandOf<'expire'>, scene: Scene): Answer {
  if (state.kind === 'GroupEvanescent') return new RuleError('wrong-kind')
  if (state.at > idleSince) return conflict(state)
  return done([{ type: 'room.ended', reason: 'idle', returnTo: null }], state, scene)
}
