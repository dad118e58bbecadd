import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { RuleError } from '../../shared/rules.ts'
import { Model } from './model.ts'
import { nodeOf, Refusal, says } from './model-values.ts'
import { type Random, randomJson } from './random.ts'
import { Operations } from './random-operations.ts'

const MOST_CHARS = 700
const bytesOf = (text: string) => Buffer.byteLength(text)

/** Counts of what a fuzz has met. */
export interface Tally {
  operations: number
  done: number
  /** Operations of commands that were done, by kind. */
  kinds: Map<string, number>
  refused: Map<string, number>
}

const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)

function fail(what: string, details: Record<string, unknown>): never {
  throw new Error(`${what}\n${JSON.stringify(details, null, 1)}`)
}

/** What the model makes of a command: its new tree, or the rule that refuses it with the failing operation. */
function foreseen(data: Json, operations: readonly Operation[]): Model | { rule: string; operation: number } {
  const model = new Model(nodeOf(data))
  for (const [operation, one] of operations.entries()) {
    try {
      model.apply(one)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { rule: error.rule, operation }
    }
  }
  return model
}

/** Applies random commands for as long as `tally.operations` is below `count`, and compares each with the model. */
export function fuzzApply(random: Random, count: number): Tally {
  const tally: Tally = { operations: 0, done: 0, kinds: new Map(), refused: new Map() }
  let data: Json = {}
  let text = '{}'
  while (tally.operations < count) {
    if (text.length > MOST_CHARS || random.chance(0.01)) {
      data = { list: [], a: randomJson(random) }
      text = JSON.stringify(data)
    }
    const source = new Operations(random, data)
    const operations = Array.from({ length: 1 + (random.chance(0.4) ? random.below(4) : 0) }, () => source.operation())
    tally.operations += operations.length
    const expected = foreseen(data, operations)
    const got = applyOperations(data, operations, { bytes: bytesOf(text) })
    if (JSON.stringify(data) !== text) fail('the data before was written to', { before: text, operations, data })
    if (got instanceof RuleError) {
      if (expected instanceof Model || expected.rule !== got.rule || expected.operation !== got.details.operation)
        fail('refused', { text, operations, expected, got: { rule: got.rule, ...got.details } })
      add(tally.refused, got.rule)
      continue
    }
    if (!(expected instanceof Model)) return fail('not refused', { text, operations, expected, got })
    if (!says(expected.root, got.data)) fail('other data', { text, operations, got })
    const after = JSON.stringify(got.data)
    if (got.bytes !== bytesOf(after) - bytesOf(text)) fail('other bytes', { text, operations, got })
    if (got.changed !== got.operations.length > 0 || (!got.changed && got.data !== data))
      fail('changed without operations', { text, operations, got })
    checkFold(data, got, after)
    tally.done++
    for (const { op } of operations) add(tally.kinds, op)
    data = got.data
    text = after
  }
  return tally
}

/** Operations as applied do the same again, through JSON too, and are themselves as applied. */
function checkFold(data: Json, got: { operations: readonly Operation[]; bytes: number }, after: string): void {
  const text = JSON.stringify(got.operations)
  const again = applyOperations(data, JSON.parse(text))
  if (again instanceof RuleError) return fail('does not fold', { data, got, rule: again.rule, ...again.details })
  if (JSON.stringify(again.data) !== after || again.bytes !== got.bytes)
    fail('folds to other data', { data, got, again })
  if (JSON.stringify(again.operations) !== text) fail('is not as applied', { data, got, again })
}
