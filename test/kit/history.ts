import type { Actor, Decider } from '../../shared/log/decider.ts'
import type { Json } from '../../shared/json.ts'
import { RuleError } from '../../shared/rules.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { eventsOf } from '../../server/rooms/fold.ts'

/** A command as its sender saw it: when it was called and answered (monotonic ms), and how. */
export interface Call<C> {
  id: string
  actor: Actor
  command: C
  began: number
  ended: number
  outcome: { version: number; result: Json } | { rule: string }
}

export interface History<S extends { seq: number }, C, E> {
  decider: Decider<S, C, E>
  /** The room's whole log, in order. */
  docs: readonly EventDoc[]
  calls: readonly Call<C>[]
}

/**
 * What is wrong with a recorded history; an empty list: it is linearisable. The log is the order that is claimed: it must have no
 * gap and no fork, each acknowledged command once and where its sender was told, no command before one that was answered before it
 * was called, and each refusal must be what the rules say in some state between its call and its answer.
 */
export function faultsOf<S extends { seq: number }, C, E>({ decider, docs, calls }: History<S, C, E>): string[] {
  return [
    ...chainFaults(docs),
    ...placeFaults(docs, calls),
    ...orderFaults(calls),
    ...refusalFaults({ decider, docs, calls }),
  ]
}

function chainFaults(docs: readonly EventDoc[]): string[] {
  let next = 1
  let last: string | null = null
  return docs.flatMap(({ _id, seq, n, prev, body }) => {
    const wrong = seq !== next || prev !== last || n !== JSON.parse(body).length
    next = seq + n
    last = _id
    return wrong ? [`the document at ${seq} does not follow`] : []
  })
}

function placeFaults<C>(docs: readonly EventDoc[], calls: readonly Call<C>[]): string[] {
  const records = docs.flatMap(({ commands = [] }) => commands)
  const places = Map.groupBy(records, ({ id }) => id)
  const doubled = [...places].filter(([, found]) => found.length > 1).map(([id]) => `${id} is in the log twice`)
  const misplaced = calls.flatMap(({ id, outcome }) => {
    const [place] = places.get(id) ?? []
    if ('rule' in outcome)
      return place === undefined || outcome.rule === 'unknown-outcome' ? [] : [`${id} was refused and done`]
    if (place === undefined) return [`${id} was acknowledged and is lost`]
    const same = place.seq === outcome.version && Bun.deepEquals(JSON.parse(place.result), outcome.result)
    return same ? [] : [`${id} was answered with something else than its place and result`]
  })
  return [...doubled, ...misplaced]
}

/** Real time: what was answered before another was called stands before it. */
function orderFaults<C>(calls: readonly Call<C>[]): string[] {
  const done = calls.flatMap(({ id, began, ended, outcome }) =>
    'rule' in outcome ? [] : [{ id, began, ended, version: outcome.version }],
  )
  const byEnd = done.toSorted((a, b) => a.ended - b.ended)
  let at = 0
  let newest = 0
  return done
    .toSorted((a, b) => a.began - b.began)
    .flatMap(({ id, began, version }) => {
      for (let one = byEnd[at]; one !== undefined && one.ended < began; one = byEnd[++at])
        newest = Math.max(newest, one.version)
      return version < newest ? [`${id} at ${version} was called after ${newest} was answered`] : []
    })
}

function refusalFaults<S extends { seq: number }, C, E>({ decider, docs, calls }: History<S, C, E>): string[] {
  const states: { state: S | null; at: number }[] = [{ state: null, at: 0 }]
  for (const doc of docs) {
    let seq = doc.seq
    for (const event of eventsOf<E>(doc)) {
      const state = decider.evolve(states.at(-1)?.state ?? null, event, seq++)
      states.push({ state, at: doc.at.getTime() })
    }
  }
  const acknowledged = calls.flatMap((call) =>
    'rule' in call.outcome ? [] : [{ ...call, version: call.outcome.version }],
  )
  return calls.flatMap(({ id, actor, command, began, ended, outcome }) => {
    if (!('rule' in outcome) || outcome.rule === 'unknown-outcome') return []
    const rule: string = outcome.rule
    const from = Math.max(0, ...acknowledged.filter((one) => one.ended < began).map((one) => one.version))
    const later = acknowledged.filter((one) => one.began > ended).map((one) => one.version - 1)
    const to = Math.min(states.length - 1, ...later)
    const valid = states.slice(from, to + 1).some(({ state, at }) => {
      const decision = decider.decide(state, command, { now: at, actor })
      return decision instanceof RuleError && decision.rule === rule
    })
    return valid ? [] : [`${id} was refused with ${rule}, which no state from ${from} to ${to} says`]
  })
}
