import type { DecideContext } from '../log/decider.ts'
import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import { type Answer, type CommandOf, done, governs, limitReached, noted } from './decision.ts'
import type { RoomState } from './state.ts'

/** Adds the actor to the occupants; idempotent (seed 2). An owner who left comes back like anybody. Errors: banned, room-full. */
export function join(state: RoomState, context: DecideContext): Answer {
  const { user } = context.actor
  if (state.occupants.includes(user)) return noted(state, context)
  if (state.banned.includes(user)) return new RuleError('banned')
  if (state.occupants.length >= state.capacity)
    return new RuleError('room-full', { what: 'capacity', limit: state.capacity })
  return done({ type: 'occupant.joined', user }, state, context)
}

/** Takes the actor out of the occupants; idempotent (seed 2). The owner stays the owner. */
export function leave(state: RoomState, context: DecideContext): Answer {
  const { user } = context.actor
  if (!state.occupants.includes(user)) return noted(state, context)
  return done({ type: 'occupant.left', user }, state, context)
}

/** Nobody is put out by themselves: a slip would cost an owner the seat, and `leave` says it plainly. */
function mayPutOut(state: RoomState, user: string, { actor }: DecideContext): RuleError | null {
  if (!governs(state, actor)) return new RuleError('not-owner')
  return user === actor.user ? new RuleError('forbidden') : null
}

/** Takes an occupant out, who may come back. Errors: not-owner, forbidden (oneself), no-such-occupant. */
export function kick(state: RoomState, { user, reason }: CommandOf<'kick'>, context: DecideContext): Answer {
  const refusal = mayPutOut(state, user, context)
  if (refusal !== null) return refusal
  if (!state.occupants.includes(user)) return new RuleError('no-such-occupant')
  return done({ type: 'occupant.kicked', user, reason }, state, context)
}

/**
 * Keeps a user out, whether they are in now or not. Errors: not-owner; forbidden (oneself, and the owner, who would keep the
 * room without a way into it); limit-reached.
 */
export function ban(state: RoomState, { user, reason }: CommandOf<'ban'>, context: DecideContext): Answer {
  const refusal = mayPutOut(state, user, context)
  if (refusal !== null) return refusal
  if (user === state.owner) return new RuleError('forbidden')
  if (state.banned.includes(user)) return noted(state, context)
  if (state.banned.length >= LIMITS.room.banned) return limitReached('banned')
  return done({ type: 'occupant.banned', user, reason }, state, context)
}

/** Lets a user in again; who is not banned stays so. Error: not-owner. */
export function unban(state: RoomState, { user }: CommandOf<'unban'>, context: DecideContext): Answer {
  if (!governs(state, context.actor)) return new RuleError('not-owner')
  if (!state.banned.includes(user)) return noted(state, context)
  return done({ type: 'occupant.unbanned', user }, state, context)
}
