import type { Actor } from '../../shared/log/decider.ts'
import type { Json } from '../../shared/json.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomCommand, RoomEvent, RoomState } from '../../shared/room/state.ts'
import { type Rule, RuleError, type RuleDetails } from '../../shared/rules.ts'

export const ROOM = '5f0c8e6a-98a2-4b0e-8e5e-0d3b8a1f7c11'
export const user = (name: string): Actor => ({ user: name, service: false })
/** The integrator's backend as itself, or for somebody. */
export const service = (name = 'backend'): Actor => ({ user: name, service: true })

export type Outcome = { events: readonly RoomEvent[]; result: Json } | ({ rule: Rule } & RuleDetails)

/** One room's log in memory: decides, appends, and folds what it appended as another process would, from its JSON text. */
export class MemoryRoom {
  state: RoomState | null = null
  /** JSON of each event, from seq 1 on. */
  readonly log: string[] = []
  now = 1_000

  /** What a command did or by which rule it was refused; then the state is the very one from before. */
  send(command: RoomCommand, actor: Actor): Outcome {
    const before = this.state
    const decision = roomDecider.decide(deepFrozen(before), deepFrozen(command), { now: this.now, actor })
    if (decision instanceof RuleError) return { rule: decision.rule, ...decision.details }
    for (const event of decision.events) {
      const text = JSON.stringify(event)
      this.log.push(text)
      this.state = roomDecider.evolve(this.state, deepFrozen(JSON.parse(text)), this.log.length)
    }
    return decision
  }

  /** The type of the one event of a command that must be accepted. */
  does(command: RoomCommand, actor: Actor): RoomEvent['type'] {
    const outcome = this.send(command, actor)
    if ('rule' in outcome) throw new Error(`${command.type} was refused: ${JSON.stringify(outcome)}`)
    const [event, ...more] = outcome.events
    if (event === undefined || more.length > 0) throw new Error(`${command.type} has ${outcome.events.length} events`)
    return event.type
  }

  /** Shorthand for an edit that must be accepted: its result. */
  edits(command: Omit<Extract<RoomCommand, { type: 'edit' }>, 'type'>, actor: Actor): Json {
    const outcome = this.send({ type: 'edit', ...command }, actor)
    if ('rule' in outcome) throw new Error(`edit was refused: ${JSON.stringify(outcome)}`)
    return outcome.result
  }

  /** The room as it is; it must have been created. */
  get it(): RoomState {
    if (this.state === null) throw new Error('there is no room yet')
    return this.state
  }
}

export interface Opening {
  capacity?: number
  data?: Json
  guests?: readonly string[]
}

/** A room of `ann`, with guests. */
export function opened({ capacity = 8, data = {}, guests = [] }: Opening = {}): MemoryRoom {
  const room = new MemoryRoom()
  room.does({ type: 'create', room: ROOM, capacity, metadata: {}, data }, user('ann'))
  for (const guest of guests) room.does({ type: 'join' }, user(guest))
  return room
}

/** Writing to it throws from here on: a rule that changes its input is found out. */
export function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFrozen(part)
  return value
}

/** The state that a log folds to, from its beginning or on from a snapshot. */
export const replayed = (log: readonly string[], from: RoomState | null = null): RoomState | null =>
  log.slice(from?.seq ?? 0).reduce<RoomState | null>((state, text, i) => {
    return roomDecider.evolve(state, JSON.parse(text), (from?.seq ?? 0) + i + 1)
  }, from)
