import type { Decider } from '../../shared/log/decider.ts'
import { RuleError } from '../../shared/rules.ts'
import type { CommandRecord, EventDoc } from '../store/docs.ts'
import { logId } from '../store/log.ts'
import type { Done, Head, Pending, Room } from './room.ts'

/** What is said to the sender of a command that appends nothing. */
export type Answer = Omit<Done<never>, 'state'> | RuleError

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

/** Bytes of one document's body: a document may have 1 MB (room-log.md 6), and a character up to three bytes of it. */
const BODY_CHARS = 300_000
const COMMANDS = 1_000

/** Takes commands off the queue and decides them one after the other, each on what the one before it left. */
export function planOf<S extends { seq: number }, C, E>(
  room: Room<S, C>,
  decider: Decider<S, C, E>,
  usersOf: (event: E, state: S) => readonly string[],
): Plan<S, C> {
  const base = room.head ?? { state: null, seq: 0, last: null }
  const plan: Plan<S, C> = { doc: null, base, head: base, accepted: [], idle: [] }
  const texts: string[] = []
  const records: CommandRecord[] = []
  const users = new Set<string>()
  const inPlan = new Map<string, number>()
  let { state, seq } = base
  let chars = 0
  let at = 0
  let taken = 0
  for (const pending of room.queue) {
    if (chars > BODY_CHARS || records.length >= COMMANDS) break
    // The same command twice: the second waits for what becomes of the first.
    if (inPlan.has(pending.id)) break
    taken++
    if (pending.over) continue
    const known = repeated(room.done.get(pending.id), pending)
    if (known !== null) {
      plan.idle.push({ pending, answer: known })
      continue
    }
    const decision = decider.decide(state, pending.command, pending)
    if (decision instanceof RuleError) {
      plan.idle.push({ pending, answer: decision })
      continue
    }
    for (const event of decision.events) {
      seq++
      state = decider.evolve(state, event, seq)
      const text = JSON.stringify({ ...event, command: pending.id })
      chars += text.length
      texts.push(text)
      for (const user of usersOf(event, state)) users.add(user)
    }
    const result = JSON.stringify(decision.result)
    chars += result.length
    records.push({ id: pending.id, by: pending.actor.user, hash: pending.hash, result, seq })
    inPlan.set(pending.id, seq)
    at = Math.max(at, pending.now)
    if (state !== null) plan.accepted.push({ pending, done: { seq, replayed: false, result: decision.result, state } })
  }
  room.queue.splice(0, taken)
  if (texts.length === 0) return plan
  const when = new Date(at)
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
  }
  plan.head = { state, seq, last: _id }
  return plan
}
