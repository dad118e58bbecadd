import type { Json } from '../json.ts'
import { RuleError } from '../rules.ts'
import { applyOperations } from './apply.ts'
import { effectsOf } from './effects.ts'
import type { Operation, PatchOperation } from './operations.ts'
import { retraced } from './retrace.ts'
import { Trace } from './trace.ts'

const THROUGH_INDEX = /\/(?:0|[1-9]\d*)(?:\/|$)/

/** Whether an operation may name an element by its index: numeric keys of dictionaries look the same. */
function mayUseIndex(operation: Operation): boolean {
  if (operation.op === 'patch')
    return operation.patch.some(
      (part) => THROUGH_INDEX.test(part.path) || ('from' in part && THROUGH_INDEX.test(part.from)),
    )
  if ('at' in operation && 'index' in operation.at) return true
  return (operation.op === 'move' && typeof operation.to === 'number') || THROUGH_INDEX.test(operation.path)
}

/** The same for an id in its path, which is a key as any other once a dictionary has taken the place of its list. */
const mayUseId = (operation: Operation) => operation.op !== 'patch' && operation.path.includes('/@')

/**
 * Carries operations that were made on an older version of the data over what was done since, so that each index means the element
 * that it meant: wherever that has moved in its list, and whatever list inside of lists it is in.
 *
 * - `between`: what was done since, oldest first: operations **as applied** (see Operation), since these name elements by the
 *   index that held. `data`: the data now, after `between`; it tells lists from dictionaries and finds ids.
 * - Ids and keys stay as they are, so that a client's pending operations stay good for the next rebase; an operation without an
 *   index comes back untouched. Operations of one command go on seeing each other: the second one's indices are those after the first.
 * - `insert` and `add` go before the element that they named, or where it stood; `move` to an index likewise.
 * - `stale-index` (with `operation`): the element was removed or replaced, or a list or dictionary around it was overwritten by or
 *   with something that has lists, or an element by whose id the path leads is not for sure the one that the sender knew. Rather
 *   refused than done to another element.
 *
 * Two pieces of one log are never rebased over their own: `between` leaves out what `operations` already saw.
 */
export function rebaseOperations(
  operations: readonly Operation[],
  between: readonly (readonly Operation[])[],
  data: Json,
): readonly Operation[] | RuleError {
  const last = operations.findLastIndex((operation) => mayUseIndex(operation) || mayUseId(operation))
  if (last < 0) return operations
  const past = between.flatMap((edit) => edit.flatMap(effectsOf))
  if (past.length === 0) return operations
  const steps = operations.slice(0, last + 1).flatMap(stepsOf)
  const trace = new Trace(past, data)
  for (const [at, step] of steps.entries()) {
    if (!trace.sure && mayUseIndex(step.operation)) return staleIndex(step)
    try {
      step.operation = retraced(trace, step.operation)
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      return staleIndex(step)
    }
    if (at === steps.length - 1) break
    const applied = applyOperations(trace.find.data, [step.operation])
    // This step fails, and so the whole command: how the rest would be rebased does not matter.
    if (applied instanceof RuleError) break
    trace.find.data = applied.data
  }
  return gathered(operations, steps)
}

const staleIndex = ({ index }: Step) => new RuleError('stale-index', { operation: index })

/** One operation, or one part of a JSON Patch; `index`: of the operation in the command. */
interface Step {
  index: number
  operation: Operation
}

const stepsOf = (operation: Operation, index: number): Step[] =>
  operation.op === 'patch'
    ? operation.patch.map((part) => ({ index, operation: { op: 'patch', patch: [part] } }))
    : [{ index, operation }]

/** The operations with their steps put in. */
function gathered(operations: readonly Operation[], steps: readonly Step[]): Operation[] {
  const parts = new Map<number, Operation[]>()
  for (const { index, operation } of steps) parts.set(index, [...(parts.get(index) ?? []), operation])
  return operations.map((operation, index) => {
    const rebased = parts.get(index) ?? []
    if (operation.op !== 'patch') return rebased[0] ?? operation
    const patch = rebased.flatMap((part): readonly PatchOperation[] => (part.op === 'patch' ? part.patch : []))
    return patch.length === operation.patch.length ? { op: 'patch', patch } : operation
  })
}
