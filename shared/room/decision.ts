import { LIMITS } from '../limits.ts'
import type { DecideContext, Decision } from '../log/decider.ts'
import { RuleError } from '../rules.ts'
import type { RoomCommand, RoomEvent, RoomState } from './state.ts'

export type Answer = Decision<RoomEvent> | RuleError
export type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>
type Unstamped = RoomEvent extends infer E ? (E extends RoomEvent ? Omit<E, 'at' | 'by'> : never) : never

/** The one event of a command. Its time is never before the newest event's: the clocks of two servers differ (room-log.md 10). */
export function done(event: Unstamped, { at }: { at: number }, { now, actor }: DecideContext): Decision<RoomEvent> {
  return { events: [{ ...event, at: Math.max(now, at), by: actor.user }], result: null }
}

/** An accepted command that changes nothing still takes a place in the log, so that its repeat cannot act later (room-log.md 4). */
export const noted = (state: RoomState, context: DecideContext) => done({ type: 'command.noted' }, state, context)

/** Whether somebody has the owner's rights. A service has them in every room. */
export const governs = ({ owner }: RoomState, { user, service }: DecideContext['actor']) => service || user === owner

/** The limit's name and number, so that a client can tell its user. */
export const limitReached = (what: keyof typeof LIMITS.room) =>
  new RuleError('limit-reached', { what, limit: LIMITS.room[what] })
