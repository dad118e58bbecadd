import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import { Draft, limitReached } from './draft.ts'
import { patchOne } from './json-patch.ts'
import { listOperation } from './list-operations.ts'
import { mergeKeys, mergePatch } from './merge-patch.ts'
import { increased } from './numbers.ts'
import type { Operation } from './operations.ts'
import { locate, pointerOf, valueAt } from './place.ts'
import { isEqual } from './values.ts'
import { putAt, takeAt } from './writes.ts'

/** The data after operations. */
export interface Applied {
  /** Shares with the data before whatever did not change; the same object if nothing did. */
  data: Json
  /** By how much the data's JSON text has grown, in bytes of UTF-8. */
  bytes: number
  /** What was done (see Operation, "As applied"): empty if nothing changed. */
  operations: readonly Operation[]
  changed: boolean
}

/**
 * Applies operations in order, all or none, and leaves `data` as it is. The cost is that of the containers on the way to what
 * changes (each copied once) and of the values that come and go, whatever else the data holds.
 *
 * To decide, give the room's bytes (those of the data's JSON text): then LIMITS.room hold for whatever comes in (limit-reached,
 * with `what` and `limit`). Without them, to fold what was decided, no limit is looked at, so that events fold after a limit was lowered.
 *
 * @returns the error of the first operation that fails, its index as `details.operation`: path-missing, test-failed, duplicate-id,
 * out-of-bounds, limit-reached.
 */
export function applyOperations(
  data: Json,
  operations: readonly Operation[],
  room?: { bytes: number },
): Applied | RuleError {
  const draft = new Draft(data, room !== undefined)
  const applied: Operation[] = []
  for (const [index, operation] of operations.entries()) {
    const before = draft.bytes
    try {
      perform(draft, operation, applied)
      if (room !== undefined && draft.bytes > before && room.bytes + draft.bytes > LIMITS.room.bytes)
        throw limitReached('bytes')
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      return new RuleError(error.rule, { ...error.details, operation: index })
    }
  }
  return { data: draft.data, bytes: draft.bytes, operations: applied, changed: applied.length > 0 }
}

function perform(draft: Draft, operation: Operation, applied: Operation[]): void {
  if (operation.op !== 'patch') return note(draft, applied, () => one(draft, operation))
  for (const part of operation.patch) note(draft, applied, () => patchOne(draft, part))
}

function note(draft: Draft, applied: Operation[], act: () => Operation | null): void {
  draft.lostList = false
  const done = act()
  if (done !== null) applied.push(done)
}

/** Gives the operation as applied, or null if it changed nothing. */
function one(draft: Draft, operation: Exclude<Operation, { op: 'patch' }>): Operation | null {
  switch (operation.op) {
    case 'set':
      return putAt(draft, locate(draft.data, operation.path), operation.value)
    case 'setIfAbsent': {
      const place = locate(draft.data, operation.path)
      return place.value === undefined ? putAt(draft, place, operation.value) : null
    }
    case 'compareAndSet': {
      const place = locate(draft.data, operation.path)
      assertEqual(place.value, operation.expect)
      return putAt(draft, place, operation.value)
    }
    case 'test':
      assertEqual(valueAt(draft.data, operation.path), operation.value)
      return null
    case 'delete':
      return takeAt(draft, locate(draft.data, operation.path))
    case 'increment':
      return increment(draft, operation)
    case 'merge':
      return mergeKeys(draft, operation)
    case 'mergePatch':
      return mergePatch(draft, operation)
    default:
      return listOperation(draft, operation)
  }
}

function assertEqual(value: Json | undefined, expected: Json | undefined): void {
  const same = value === undefined || expected === undefined ? value === expected : isEqual(value, expected)
  if (!same) throw new RuleError('test-failed')
}

function increment(draft: Draft, operation: Extract<Operation, { op: 'increment' }>): Operation | null {
  const place = locate(draft.data, operation.path)
  const { value = 0 } = place
  if (typeof value !== 'number') throw new RuleError('path-missing')
  const sum = increased(value, operation)
  if (sum === place.value) return null
  draft.put(place, sum)
  return { ...operation, path: pointerOf(place) }
}
