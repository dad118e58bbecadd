import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { rebaseOperations } from '../../shared/room/rebase.ts'
import { UNKNOWN } from '../../shared/room/recent.ts'
import { RuleError } from '../../shared/rules.ts'
import { inverseOf } from './inverse.ts'
import type { Base, Part } from './part.ts'

/** Edits as applied, oldest first. */
export type Edits = readonly (readonly Operation[])[]

/** A part that came to nothing. */
export interface Refusal {
  part: Part
  error: RuleError
}

/** What is left of parts, still in their order, and what is not. */
export interface Left {
  rest: readonly Part[]
  refused: readonly Refusal[]
}

/** Where parts were made to stand, null if that is not known any more, and where they are to stand. */
export interface Move {
  old: Base | null
  now: Base
}

/** What parts come to on their base: up to the first that fails. */
export interface Outcome extends Base {
  /** For each part, as applied. */
  applied: Edits
  failed: number | null
  error: RuleError | null
}

/** Applies parts in order, up to the first that fails. */
export function apply(base: Base, parts: readonly Pick<Part, 'operations'>[]): Outcome {
  let { data, bytes } = base
  const applied: (readonly Operation[])[] = []
  for (const [at, { operations }] of parts.entries()) {
    const done = applyOperations(data, operations, { bytes })
    if (done instanceof RuleError) return { data, bytes, applied, failed: at, error: done }
    data = done.data
    bytes += done.bytes
    applied.push(done.operations)
  }
  return { data, bytes, applied, failed: null, error: null }
}

/**
 * Carries parts over what others did before them. A part whose index means nothing any more, or that fails on the data as it is
 * now, is refused, and those after it are made to stand without it.
 */
export function carry(parts: readonly Part[], over: Edits, { old, now }: Move): Left {
  const refused: Refusal[] = []
  let rest = parts
  for (;;) {
    const moved = movedOver(rest, over, now)
    if (!('part' in moved)) {
      rest.forEach((part, at) => {
        part.operations = moved.operations[at] ?? part.operations
        part.applied = moved.applied[at] ?? part.applied
        part.wasCarried = true
      })
      return { rest, refused }
    }
    refused.push(moved)
    const left = old === null ? blindly(rest, moved.part, now.data) : without(rest, moved.part, old)
    refused.push(...left.refused)
    rest = left.rest
  }
}

/** Takes a part out from between the others, which stand on `base`. Those after it that need it are refused. */
export function without(parts: readonly Part[], gone: Part, base: Base): Left {
  const at = parts.indexOf(gone)
  const [earlier, later] = [parts.slice(0, at), parts.slice(at + 1)]
  const now = apply(base, earlier)
  const { rest, refused } = carry(later, undoing(now.data, gone), { old: apply(now, [gone]), now })
  return { rest: [...earlier, ...rest], refused }
}

/** The parts that mean the same whatever happened before them: those without an index. */
export function unmoved(parts: readonly Part[], data: Json): Left {
  const refused: Refusal[] = []
  const rest = parts.filter((part) => {
    const error = rebaseOperations(part.operations, [UNKNOWN], data)
    if (error instanceof RuleError) refused.push({ part, error })
    return !(error instanceof RuleError)
  })
  return { rest, refused }
}

function blindly(parts: readonly Part[], gone: Part, data: Json): Left {
  const at = parts.indexOf(gone)
  const { rest, refused } = unmoved(parts.slice(at + 1), data)
  return { rest: [...parts.slice(0, at), ...rest], refused }
}

/** The parts' operations after the others', or the first part that cannot be. */
function movedOver(parts: readonly Part[], over: Edits, now: Base): Refusal | Moved {
  const all = parts.flatMap(({ operations }) => operations)
  const rebased = over.length === 0 ? all : rebaseOperations(all, over, now.data)
  if (rebased instanceof RuleError) return refusalAt(parts, holderOf(parts, rebased.details.operation ?? 0), rebased)
  let from = 0
  const operations = parts.map((part) => rebased.slice(from, (from += part.operations.length)))
  const { applied, failed, error } = apply(
    now,
    operations.map((each) => ({ operations: each })),
  )
  return failed === null || error === null ? { operations, applied } : refusalAt(parts, failed, error)
}

/** For each part: what it is now, and that as applied. */
interface Moved {
  operations: Edits
  applied: Edits
}

/** Which part has the nth of all their operations. */
export function holderOf(parts: readonly Part[], nth: number): number {
  let before = 0
  return Math.max(
    0,
    parts.findIndex(({ operations }) => (before += operations.length) > nth),
  )
}

function refusalAt(parts: readonly Part[], at: number, error: RuleError): Refusal | Moved {
  const part = parts[at]
  return part === undefined ? { operations: [], applied: [] } : { part, error }
}

/** What takes a part back, as applied; nothing where it does not apply. */
export function undoing(data: Json, { operations }: Pick<Part, 'operations'>): Edits {
  const done = applyOperations(data, operations)
  if (done instanceof RuleError) return []
  const back = applyOperations(done.data, inverseOf(data, done.operations))
  return back instanceof RuleError ? [] : [back.operations]
}
