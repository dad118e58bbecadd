import { RuleError } from '../rules.ts'
import type { CommandOf } from './commands.ts'
import { type Answer, done, type Scene } from './decision.ts'
import { payloadFault } from './faults.ts'
import type { QuizState } from './state.ts'

/** From zero conductors to one. Errors: wrong-kind, not-occupant, conductor-running, deck-unplayable, bad-request (scoring). */
export function startConductor(state: QuizState, command: CommandOf<'startConductor'>, scene: Scene): Answer {
  const { payload, facts } = command
  if (state.kind !== 'GroupPerpetual') return new RuleError('wrong-kind')
  if (!state.occupants.includes(scene.actor.user)) return new RuleError('not-occupant')
  if (state.conductor.payload !== null) return new RuleError('conductor-running')
  return payloadFault(payload, facts) ?? done([{ type: 'conductor.wanted', payload }], state, scene)
}

/** From one conductor to zero: GroupPerpetual only. Errors: wrong-kind, not-occupant, no-conductor. */
export function terminate(state: QuizState, scene: Scene): Answer {
  if (state.kind !== 'GroupPerpetual') return new RuleError('wrong-kind')
  if (!state.occupants.includes(scene.actor.user)) return new RuleError('not-occupant')
  if (state.conductor.payload === null) return new RuleError('no-conductor')
  return done([{ type: 'conductor.ended', reason: 'terminated' }], state, scene)
}

/**
 * A conductor takes the room under a lease's epoch. An evanescent one is never made again: there only its own process may come back
 * under a newer epoch, or another one to which it was handed over. Errors: no-conductor (terminated meanwhile), stale-epoch,
 * wrong-kind.
 */
export function conductorStarted(state: QuizState, command: CommandOf<'conductorStarted'>, scene: Scene): Answer {
  const { epoch, holder } = command
  const { conductor } = state
  if (conductor.payload === null) return new RuleError('no-conductor')
  if (!Number.isSafeInteger(epoch) || epoch <= conductor.epoch) return new RuleError('stale-epoch')
  if (state.kind === 'GroupEvanescent' && conductor.holder !== null && conductor.holder !== holder)
    return new RuleError('wrong-kind')
  return done([{ type: 'conductor.started', epoch, holder }], state, scene)
}

/** The current conductor goes. An evanescent one does not fall dormant: it plays to its end. Errors: stale-epoch, wrong-kind. */
export function conductorReleased(state: QuizState, command: CommandOf<'conductorReleased'>, scene: Scene): Answer {
  const { epoch, why } = command
  const refusal = fence(state, epoch)
  if (refusal !== null) return refusal
  if (state.kind === 'GroupEvanescent' && why === 'dormant') return new RuleError('wrong-kind')
  return done([{ type: 'conductor.released', epoch, why }], state, scene)
}

/**
 * The fence: whoever is not the conductor of the current epoch does nothing (room-log.md 15). Clocks have no part in it: a conductor
 * that lost its lease meets its successor's epoch in the log, whenever it wakes. Error: stale-epoch.
 */
export function fence({ conductor }: QuizState, epoch: number): RuleError | null {
  const isCurrent = conductor.payload !== null && conductor.holder !== null && conductor.epoch === epoch
  return isCurrent ? null : new RuleError('stale-epoch')
}
