import type { RuleError } from '../rules.ts'
import type { Json } from '../json.ts'

/** What a command does: its events (at least one, or its id would not be used up) and the result that a repeat hears again. */
export interface Decision<E> {
  events: readonly E[]
  result: Json
}

/** Who acts: a user, or a service (the integrator's backend, the worker), which has the rights of a room's owner in every room. */
export interface Actor {
  user: string
  service: boolean
}

export interface DecideContext {
  /** When a command was first received, ms by mongod's clock: room-log.md 10. */
  now: number
  actor: Actor
}

/**
 * A kind of room: pure rules that server, worker, client and tests fold with (design.md, "The room log"). `null` is the state
 * before the first event. `S` is plain JSON with its `seq`.
 */
export interface Decider<S extends { seq: number }, C, E> {
  decide(state: S | null, command: C, context: DecideContext): Decision<E> | RuleError
  /** Total: every event that was ever decided folds. `seq` is the event's own. */
  evolve(state: S | null, event: E, seq: number): S
}
