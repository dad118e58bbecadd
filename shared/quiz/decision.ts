import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import type { DecideContext, Decision } from '../log/decider.ts'
import { RuleError } from '../rules.ts'
import type { QuizEvent } from './events.ts'
import type { QuizState } from './state.ts'

/** What a command is decided with: when, and by whom. */
export type Scene = DecideContext

export type Answer = Decision<QuizEvent> | RuleError
type Unstamped = QuizEvent extends infer E ? (E extends QuizEvent ? Omit<E, 'at' | 'by'> : never) : never

/** What stands before a room's first event: times may start anywhere. */
export const BEGINNING = { at: 0 }

/** The events of a command. Their time is never before the newest event's: the clocks of two servers differ (room-log.md 10). */
export function done(events: readonly Unstamped[], { at }: { at: number }, scene: DecideContext): Decision<QuizEvent> {
  const stamp = { at: Math.max(scene.now, at), by: scene.actor.user }
  return { events: events.map((event) => ({ ...event, ...stamp })), result: null }
}

/** An accepted command that changes nothing still takes a place in the log, so that its repeat cannot act later (room-log.md 4). */
export const noted = (state: QuizState, scene: DecideContext, result: Json = null): Decision<QuizEvent> => ({
  ...done([{ type: 'command.noted' }], state, scene),
  result,
})

/**
 * What a room says for good to a command that was meant for other occupants, in place of version-conflict: its id is used up here, so
 * that whoever sends it again, or late, hears the same, and it can be done elsewhere once.
 */
export const moved = (state: QuizState, scene: DecideContext) => noted(state, scene, { moved: true })
export const hasMoved = (result: Json) =>
  typeof result === 'object' && result !== null && 'moved' in result && result.moved === true

/** The limit's name and number, so that a client can tell its user. */
export const limitReached = (what: keyof typeof LIMITS.quiz) =>
  new RuleError('limit-reached', { what, limit: LIMITS.quiz[what] })

/** The state moved on under a command that was meant for another: whoever sent it looks again. */
export const conflict = ({ seq }: QuizState) => new RuleError('version-conflict', { version: seq })

/** How many occupants a room takes. */
export const capacityOf = ({ kind }: Pick<QuizState, 'kind'>) =>
  kind === 'HostedPerpetual' ? LIMITS.quiz.occupants : LIMITS.quiz.groupOccupants

/** Whether two lists have the same users, in any order; neither has one twice. */
export const sameUsers = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && new Set([...some, ...others]).size === some.length
