import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { rebaseOperations } from '../../shared/room/rebase.ts'
import { UNKNOWN } from '../../shared/room/recent.ts'
import type { RoomEvent } from '../../shared/room/state.ts'
import { RuleError } from '../../shared/rules.ts'
import type { Edits, Outcome } from './carry.ts'
import type { Step } from './history.ts'
import { inverseOf } from './inverse.ts'
import type { Part } from './part.ts'

/** Whether an event is what own parts come to. */
export function isOutcome(event: RoomEvent, { applied, failed }: Outcome): boolean {
  const operations = event.type === 'data.edited' ? event.operations : []
  return failed === null && JSON.stringify(operations) === JSON.stringify(applied.flat())
}

/** What edits are to who sees them after the parts of `chain`, which the view has. */
export function seenAfter(edits: Edits, chain: readonly Part[], view: Json): Edits {
  if (chain.length === 0) return edits
  const over = chain.map(({ applied }) => applied)
  const seen = rebaseOperations(edits.flat(), over, view)
  const done = seen instanceof RuleError ? seen : applyOperations(view, seen)
  return done instanceof RuleError ? [UNKNOWN] : [done.operations]
}

/** Between what was done in the log, and what is shown: the parts that still wait, and the view with them. */
export interface Above {
  later: readonly Part[]
  view: Json
}

interface Correction {
  step: Step
  inverse: readonly Operation[]
}

/** Others came before parts in the log: what those did is taken back from what the others had left. `before`: the data that they met. */
export function corrections(parts: readonly Part[], before: Json, { later, view }: Above): Correction[] {
  const found: Correction[] = []
  let now = before
  for (const [nth, { operations, step, wasCarried }] of parts.entries()) {
    const done = applyOperations(now, operations)
    if (done instanceof RuleError) break
    if (wasCarried && step !== null) {
      const over = [...parts.slice(nth + 1), ...later].map(({ applied }) => applied)
      const inverse = rebaseOperations(inverseOf(now, done.operations), over, view)
      if (!(inverse instanceof RuleError)) found.push({ step, inverse })
    }
    now = done.data
  }
  return found
}
