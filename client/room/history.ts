import type { Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { UNKNOWN } from '../../shared/room/recent.ts'
import { rebaseOperations } from '../../shared/room/rebase.ts'
import { holdsList } from '../../shared/room/values.ts'
import { RuleError } from '../../shared/rules.ts'

/** Commands that can be taken back, and changes of the view over which their inverses are carried, at most. */
const MOST_STEPS = 100
const MOST_CHANGES = 256

/** What takes one own edit back, made for the view as it was after the change `at`. */
export interface Step {
  inverse: readonly Operation[]
  at: number
}

interface ViewChange {
  nth: number
  applied: readonly Operation[]
  /** The own step that it was. */
  step: Step | null
  /** The change that it took back, with nothing in between: to whoever is older than both, neither was. */
  voids: ViewChange | null
}

/**
 * The own edits of one open room, newest last, and what happened to the view since: the inverse of an edit by index is carried over
 * that, or is of no use any more.
 */
export class History {
  readonly #undo: Step[] = []
  #redo: Step[] = []
  #changes: ViewChange[] = []
  /** How many changes there were. */
  #count = 0

  get canUndo(): boolean {
    return this.#undo.length > 0
  }
  get canRedo(): boolean {
    return this.#redo.length > 0
  }

  /** An own edit was put on top of the view. */
  did(inverse: readonly Operation[], applied: readonly Operation[]): Step {
    this.#redo = []
    return this.#push(this.#undo, inverse, { applied, voids: null })
  }

  /** The step that was taken off by `undo` or `redo` was done; it can be done the other way round. */
  reversed(kind: 'undo' | 'redo', { taken, inverse, applied }: { taken: Step } & Reversal): Step {
    return this.#push(kind === 'undo' ? this.#redo : this.#undo, inverse, { applied, voids: this.#lastOf(taken) })
  }

  /** Takes the newest step off; null if there is none. `stale-index` if it cannot be carried over what happened since. */
  take(kind: 'undo' | 'redo', view: Json): { taken: Step; operations: readonly Operation[] | RuleError } | null {
    const taken = (kind === 'undo' ? this.#undo : this.#redo).pop()
    if (taken === undefined) return null
    return { taken, operations: rebaseOperations(taken.inverse, this.#since(taken.at), view) }
  }

  /** Others changed the view, or an own edit was taken off it. */
  changed(applied: readonly Operation[]): void {
    this.#note(applied)
  }

  /** An own edit was taken off the view, which was so changed. */
  refused(step: Step | null, applied: readonly Operation[]): void {
    this.#note(applied, { step: null, voids: step && this.#lastOf(step) })
    if (step !== null) this.forget(step)
  }

  /** The view changed in a way that is not known. */
  lost(): void {
    this.#note(UNKNOWN)
  }

  /** The edit came to be something else in the log than it was in the view: this takes it back as the view is now. */
  corrected(step: Step, inverse: readonly Operation[]): void {
    if (inverse.length === 0) return this.forget(step)
    step.inverse = inverse
    step.at = this.#count
  }

  /** The edit is not in the view any more. */
  forget(step: Step): void {
    for (const stack of [this.#undo, this.#redo]) {
      const at = stack.indexOf(step)
      if (at >= 0) stack.splice(at, 1)
    }
  }

  #push(stack: Step[], inverse: readonly Operation[], { applied, voids }: Did): Step {
    const step: Step = { inverse, at: 0 }
    this.#note(applied, { step, voids })
    step.at = this.#count
    stackOf(stack, step)
    return step
  }

  #note(applied: readonly Operation[], { step, voids }: Pick<ViewChange, 'step' | 'voids'> = PLAIN): void {
    if (!applied.some(movesIndices)) return
    this.#changes.push({ nth: this.#count++, applied, step, voids })
    if (this.#changes.length > MOST_CHANGES) this.#changes.shift()
  }

  /** The change that a step was, if nothing came after it. */
  #lastOf(step: Step): ViewChange | null {
    const own = this.#changes.findLast((change) => change.step === step)
    if (own === undefined) return null
    return this.#after(own.nth).length === 1 ? own : null
  }

  /** The changes from the nth on, without those that cancel each other. */
  #after(nth: number): ViewChange[] {
    const all = new Set<ViewChange>()
    for (const change of this.#changes) {
      if (change.nth < nth) continue
      // Who stands between the two has the second one to get over.
      if (change.voids === null || !all.delete(change.voids)) all.add(change)
    }
    return [...all]
  }

  #since(at: number): readonly (readonly Operation[])[] {
    const applied = this.#after(at).map((change) => change.applied)
    return at < this.#count - this.#changes.length ? [UNKNOWN, ...applied] : applied
  }
}

const PLAIN = { step: null, voids: null }

interface Did {
  applied: readonly Operation[]
  voids: ViewChange | null
}

interface Reversal {
  inverse: readonly Operation[]
  applied: readonly Operation[]
}

function stackOf(stack: Step[], step: Step): void {
  // An edit that changed nothing has nothing to take back.
  if (step.inverse.length === 0) return
  stack.push(step)
  if (stack.length > MOST_STEPS) stack.shift()
}

/** Whether an operation as applied changes what an index means: most edits (a counter, a cell) do not. */
export function movesIndices(operation: Operation): boolean {
  switch (operation.op) {
    case 'insert':
    case 'append':
    case 'remove':
    case 'replace':
    case 'move':
    case 'patch':
      return true
    case 'set':
    case 'merge':
      return operation.lists === true || holdsList(operation.value)
    case 'delete':
    case 'mergePatch':
      return operation.lists === true
    default:
      return false
  }
}
