import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import type { DecideContext } from '../log/decider.ts'
import { RuleError } from '../rules.ts'
import { type Answer, type CommandOf, done, governs, limitReached, noted } from './decision.ts'
import { excessOf, jsonBytes } from './measure.ts'
import type { RoomState } from './state.ts'

/** What stands before a room's first event: times may start anywhere. */
const BEGINNING = { at: 0 }

/** The actor is the owner and the first occupant (seed 2). Error: limit-reached. */
export function create(command: CommandOf<'create'>, context: DecideContext): Answer {
  const { room, capacity, metadata, data } = command
  // Also refuses 0 and NaN: the creator has a seat.
  if (!(capacity >= 1 && capacity <= LIMITS.room.occupants)) return limitReached('occupants')
  const refusal = excess(data, 'bytes') ?? excess(metadata, 'metadataBytes')
  if (refusal !== null) return refusal
  return done({ type: 'room.created', room, owner: context.actor.user, capacity, metadata, data }, BEGINNING, context)
}

/** The end of the room: whatever comes after is refused with room-gone. Error: not-owner. */
export function remove(state: RoomState, { reason }: CommandOf<'delete'>, context: DecideContext): Answer {
  if (!governs(state, context.actor)) return new RuleError('not-owner')
  return done({ type: 'room.deleted', reason }, state, context)
}

/** Gives the room to an occupant, the old owner keeps the seat. Of two at once the second finds its actor no owner. Errors: not-owner, no-such-occupant. */
export function transfer(state: RoomState, { to }: CommandOf<'transfer'>, context: DecideContext): Answer {
  if (!governs(state, context.actor)) return new RuleError('not-owner')
  if (to === state.owner) return noted(state, context)
  if (!state.occupants.includes(to)) return new RuleError('no-such-occupant')
  return done({ type: 'owner.changed', from: state.owner, to }, state, context)
}

/** Replaces the metadata as a whole. Errors: not-owner, limit-reached. */
export function setMetadata(state: RoomState, { metadata }: CommandOf<'setMetadata'>, context: DecideContext): Answer {
  if (!governs(state, context.actor)) return new RuleError('not-owner')
  return excess(metadata, 'metadataBytes') ?? done({ type: 'metadata.changed', metadata }, state, context)
}

/**
 * The worker's end of a room that nobody used: decided on the newest event, so that whoever comes back in time wins.
 * Errors: forbidden (no service), version-conflict (somebody came back).
 */
export function expire(state: RoomState, { idleSince }: CommandOf<'expire'>, context: DecideContext): Answer {
  if (!context.actor.service) return new RuleError('forbidden')
  if (state.at > idleSince) return new RuleError('version-conflict', { version: state.seq })
  return done({ type: 'room.deleted', reason: 'idle' }, state, context)
}

function excess(value: Json, size: 'bytes' | 'metadataBytes'): RuleError | null {
  const found = excessOf(value)
  if (found !== null) return limitReached(found.what)
  return jsonBytes(value) > LIMITS.room[size] ? limitReached(size) : null
}
