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
  applied: readonly Operation[]
  /** The own step that it was. */
  step: Step | null
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
    return this.#push(this.#undo, inverse, applied)
  }

  /** The step that was taken off by `undo` or `redo` was done; it can be done the other way round. */
  reversed(kind: 'undo' | 'redo', { taken, inverse, applied }: { taken: Step } & Reversal): Step {
    const last = this.#changes.at(-1)
    const cancels = last !== undefined && last.step === taken
    if (!cancels) return this.#push(kind === 'undo' ? this.#redo : this.#undo, inverse, applied)
    // Nothing came between the two: for all that is older, neither of them happened.
    this.#changes.pop()
    this.#count--
    const step = { inverse, at: this.#count }
    stackOf(kind === 'undo' ? this.#redo : this.#undo, step)
    return step
  }

  /** Takes the newest step off; null if there is none. `stale-index` if it cannot be carried over what happened since. */
  take(kind: 'undo' | 'redo', view: Json): { taken: Step; operations: readonly Operation[] | RuleError } | null {
    const taken = (kind === 'undo' ? this.#undo : this.#redo).pop()
    if (taken === undefined) return null
    return { taken, operations: rebaseOperations(taken.inverse, this.#since(taken.at), view) }
  }

  /** Others changed the view, or an own edit was taken off it. */
  changed(applied: readonly Operation[]): void {
    this.#note({ applied, step: null })
  }

  /** The view changed in a way that is not known. */
  lost(): void {
    this.#note({ applied: UNKNOWN, step: null })
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

  #push(stack: Step[], inverse: readonly Operation[], applied: readonly Operation[]): Step {
    const step: Step = { inverse, at: 0 }
    this.#note({ applied, step })
    step.at = this.#count
    stackOf(stack, step)
    return step
  }

  #note(change: ViewChange): void {
    if (!change.applied.some(movesIndices)) return
    this.#changes.push(change)
    this.#count++
    if (this.#changes.length > MOST_CHANGES) this.#changes.shift()
  }

  #since(at: number): readonly (readonly Operation[])[] {
    const known = this.#count - this.#changes.length
    const applied = this.#changes.slice(Math.max(0, at - known)).map((change) => change.applied)
    return at < known ? [UNKNOWN, ...applied] : applied
  }
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
