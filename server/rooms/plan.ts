import type { Decider } from '../../shared/log/decider.ts'
import { RuleError } from '../../shared/rules.ts'
import type { CommandRecord, EventDoc } from '../store/docs.ts'
import { logId } from '../store/log.ts'
import type { Done, Head, Pending, Room } from './room.ts'
import { stepOf } from './step.ts'

/** What is said to the sender of a command that appends nothing; an `Error` that is no rule's is the decider's own. */
export type Answer = Omit<Done<never>, 'state'> | Error

/** The answer to a repeat of a command that was done: its first result; another command under its id is an error. */
export function repeated(
  record: Omit<CommandRecord, 'id'> | undefined,
  { actor, hash }: Pick<Pending<never, never>, 'actor' | 'hash'>,
): Answer | null {
  if (record === undefined) return null
  if (record.by !== actor.user || record.hash !== hash) return new RuleError('idempotency-mismatch')
  return { seq: record.seq, replayed: true, result: JSON.parse(record.result) }
}

/** What became of the commands that waited, if the document is stored. */
export interface Plan<S, C> {
  /** null: nothing to append. */
  doc: EventDoc | null
  /** The head that it was decided on, and the one that it leads to. */
  base: Head<S>
  head: Head<S>
  accepted: { pending: Pending<S, C>; done: Done<S> }[]
  /** Answers that append nothing: true once the document is stored, or on a tail read that began after they came (room-log.md 4). */
  idle: { pending: Pending<S, C>; answer: Answer }[]
}

/** What follows from events outside of their room (room-log.md 13). */
export interface Duties<S, E> {
  /** Whether something does (`state`: right after the event): such a document is marked until it is done. */
  isOne: (event: E, state: S) => boolean
  /** A document of this process that is marked was committed. */
  committed: (doc: EventDoc) => void
}

/** What a room's commands are decided with. */
export interface Planning<S extends { seq: number }, C, E> {
  decider: Decider<S, C, E>
  usersOf: (event: E, state: S) => readonly string[]
  duties?: Duties<S, E> | undefined
}

/** Of one document, as counted here; committed is up to 1 MB (room-log.md 6). More waits for the next one. */
const DOC_BYTES = 900_000
const COMMANDS = 1_000

/** Takes commands off the queue and decides them one after the other, each on what the one before it left. */
export function planOf<S extends { seq: number }, C, E>(room: Room<S, C>, planning: Planning<S, C, E>): Plan<S, C> {
  const base = room.head ?? { state: null, seq: 0, last: null }
  const plan: Plan<S, C> = { doc: null, base, head: base, accepted: [], idle: [] }
  const texts: string[] = []
  const records: CommandRecord[] = []
  const users = new Set<string>()
  const inPlan = new Set<string>()
  // Who was told `unknown-outcome` repeats under the same id.
  room.queue = room.queue.filter(({ over }) => !over)
  let end: { state: S | null; seq: number; at: number } = { state: base.state, seq: base.seq, at: room.at }
  let bytes = 0
  let taken = 0
  let isDuty = false
  for (const pending of room.queue) {
    // The same command twice: the second waits for what becomes of the first.
    if (records.length >= COMMANDS || inPlan.has(pending.id)) break
    const step = repeated(room.done.get(pending.id), pending) ?? stepOf(end, pending, planning)
    if ('texts' in step) {
      if (records.length > 0 && bytes + step.bytes > DOC_BYTES) break
      const { state, seq, result, record } = step
      plan.accepted.push({ pending, done: { seq, replayed: false, result, state } })
      end = step
      bytes += step.bytes
      isDuty ||= step.isDuty
      texts.push(...step.texts)
      records.push(record)
      for (const user of step.users) users.add(user)
      inPlan.add(pending.id)
    } else plan.idle.push({ pending, answer: step })
    taken++
  }
  room.queue.splice(0, taken)
  if (texts.length === 0) return plan
  const when = new Date(end.at)
  const _id = logId(when)
  plan.doc = {
    _id,
    room: room.id,
    seq: base.seq + 1,
    n: texts.length,
    prev: base.last,
    at: when,
    commands: records,
    body: `[${texts.join(',')}]`,
    ...(users.size === 0 ? {} : { users: [...users] }),
    ...(isDuty ? { duties: true as const } : {}),
  }
  plan.head = { state: end.state, seq: end.seq, last: _id }
  return plan
}
