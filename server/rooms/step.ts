import type { Json } from '../../shared/json.ts'
import { RuleError } from '../../shared/rules.ts'
import type { CommandRecord } from '../store/docs.ts'
import type { Planning } from './plan.ts'
import type { Pending } from './room.ts'

/** What BSON adds to a command's record, and to an entry of a list. */
const RECORD_BYTES = 100
const ENTRY_BYTES = 16

/** One command, decided: what it adds to a document, and what the room is after it. */
export interface Step<S> {
  state: S
  seq: number
  at: number
  texts: string[]
  users: string[]
  record: CommandRecord
  result: Json
  bytes: number
  /** Something outside of the room follows from it. */
  isDuty: boolean
}

/** Decides one command. A decider that throws fails this command, and nobody else's in the room. */
export function stepOf<S extends { seq: number }, C, E>(
  { seq, at, ...from }: { state: S | null; seq: number; at: number },
  { id, actor, command, hash, now: received }: Pending<S, C>,
  { decider, usersOf, duties }: Planning<S, C, E>,
): Step<S> | Error {
  const now = Math.max(received, at)
  try {
    const decision = decider.decide(from.state, command, { actor, now })
    if (decision instanceof RuleError) return decision
    let { state } = from
    const texts: string[] = []
    const users: string[] = []
    let isDuty = false
    for (const event of decision.events) {
      state = decider.evolve(state, event, ++seq)
      texts.push(JSON.stringify({ ...event, command: id }))
      users.push(...usersOf(event, state))
      isDuty ||= duties?.isOne(event, state) ?? false
    }
    if (state === null || texts.length === 0) return new Error('a decision without an event')
    const record = { id, by: actor.user, hash, result: JSON.stringify(decision.result), seq }
    const strings = [...texts, ...users, id, actor.user, hash, record.result]
    const bytes = strings.reduce((sum, text) => sum + ENTRY_BYTES + Buffer.byteLength(text), RECORD_BYTES)
    return { state, seq, at: now, texts, users, record, result: decision.result, bytes, isDuty }
  } catch (error) {
    return error instanceof Error ? error : new Error('a decider threw', { cause: error })
  }
}
