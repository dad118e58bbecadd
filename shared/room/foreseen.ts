import type { Json } from '../json.ts'
import { type Applied, applyOperations } from './apply.ts'
import type { Operation } from './operations.ts'

/**
 * What deciding an edit has found out, for the fold that follows at once: applying copies containers (8 µs for one of 200 keys), and
 * would do it twice. The key is the event's own list of operations, and the data must be the very same object, so that only a
 * repeat of the same pure computation is spared. Entries go with their events.
 */
const foreseen = new WeakMap<readonly Operation[], { data: Json; applied: Applied }>()

export function foresee(data: Json, applied: Applied): void {
  foreseen.set(applied.operations, { data, applied })
}

/** The data after operations as applied, or null for operations that nobody could have decided on this data. */
export function fold(data: Json, operations: readonly Operation[]): Applied | null {
  const known = foreseen.get(operations)
  if (known !== undefined && known.data === data) return known.applied
  const applied = applyOperations(data, operations)
  return applied instanceof Error ? null : applied
}
