import type { Decider } from '../../shared/log/decider.ts'
import { RuleError } from '../../shared/rules.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { type Call, faultsOf } from './history.ts'

export interface LogCheck<S extends { seq: number }, C, E> {
  decider: Decider<S, C, E>
  /** The room's whole log, in any order; with what retention took, where it took something. */
  docs: readonly EventDoc[]
  calls: readonly Call<C>[]
  /** States that readers folded or were shown. */
  seen?: readonly S[]
}

/** Refusals that say nothing of the room's state. */
const ENGINE_RULES = new Set(['too-large', 'room-unsound', 'shutting-down', 'failed'])
const ruleOf = <C>({ outcome }: Call<C>) => ('rule' in outcome ? outcome.rule : null)

/**
 * What is wrong with a room's log and with what its callers and readers were told (room-log.md). Over what `faultsOf` finds: repeats
 * that heard different answers, commands that stand where the rules refuse them, states that are none of the log's, time that
 * goes back. An empty list: the log is linearisable, and everybody was told the truth.
 */
export function logFaults<S extends { seq: number }, C, E>({ decider, docs, calls, seen = [] }: LogCheck<S, C, E>) {
  const log = docs.toSorted((a, b) => a.seq - b.seq)
  const ids = new Set(log.flatMap(({ commands = [] }) => commands.map(({ id }) => id)))
  // A mismatch says that another command has this id: nothing of the one that was refused.
  const groups = [...Map.groupBy(calls, ({ id }) => id).values()].map((group) =>
    group.filter((call) => ruleOf(call) !== 'idempotency-mismatch'),
  )
  const failed = groups.flat().filter((call) => ENGINE_RULES.has(ruleOf(call) ?? '') && ids.has(call.id))
  return [
    ...faultsOf({ decider, docs: log, calls: groups.flatMap(asOne) }),
    ...failed.map(({ id }) => `${id} was said to have failed, and is in the log`),
    ...groups.flatMap(differences),
    ...replayFaults({ decider, docs: log, calls, seen }),
    ...log.flatMap(({ seq, at }, i) => (at < (log[i - 1]?.at ?? at) ? [`time goes back at ${seq}`] : [])),
  ]
}

/** A command and its repeats are one operation, done at some time between the first call and the first answer. */
function asOne<C>(group: readonly Call<C>[]): Call<C>[] {
  const told = group.filter((call) => ruleOf(call) === null).toSorted((a, b) => a.ended - b.ended)
  const refused = group.filter((call) => ruleOf(call) !== null && !ENGINE_RULES.has(ruleOf(call) ?? ''))
  const [first] = told
  if (first === undefined) return refused
  const tries = group.filter((call) => ruleOf(call) === null || ruleOf(call) === 'unknown-outcome')
  const began = Math.min(...tries.map((call) => call.began))
  // Refused and called again later, it may be done: a refusal does not use its id up.
  const earlier = refused.map((call) => (call.ended < began ? { ...call, id: `${call.id}, refused` } : call))
  return [{ ...first, began }, ...earlier.filter((call) => ruleOf(call) !== 'unknown-outcome')]
}

function differences<C>(group: readonly Call<C>[]): string[] {
  const answers = group.filter((call) => ruleOf(call) === null).map(({ outcome }) => outcome)
  return answers.some((answer) => !Bun.deepEquals(answer, answers[0])) ? [`${group[0]?.id} had different answers`] : []
}

function replayFaults<S extends { seq: number }, C, E>({ decider, docs, calls, seen = [] }: LogCheck<S, C, E>) {
  const asked = new Map(calls.filter((call) => ruleOf(call) === null).map((call) => [call.id, call]))
  const states = new Map<number, S>()
  const faults: string[] = []
  let state: S | null = null
  for (const doc of docs) {
    const results = new Map(doc.commands?.map(({ id, result }) => [id, result]))
    let seq = doc.seq
    let current: string | null = null
    for (const event of eventsOf<E>(doc)) {
      const call = event.command === current ? undefined : asked.get(event.command)
      current = event.command
      if (call !== undefined) {
        const decision = decider.decide(state, call.command, { actor: call.actor, now: doc.at.getTime() })
        if (decision instanceof RuleError) faults.push(`${call.id} stands where it is refused: ${decision.rule}`)
        else if (JSON.stringify(decision.result) !== results.get(call.id))
          faults.push(`${call.id} was decided elsewhere`)
      }
      state = decider.evolve(state, event, seq)
      states.set(seq++, state)
    }
  }
  const wrong = seen.filter((one) => !Bun.deepEquals(one, states.get(one.seq)))
  return [...faults, ...wrong.map(({ seq }) => `a reader's state at ${seq} is not the log's`)]
}
