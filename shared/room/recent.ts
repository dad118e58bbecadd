import { LIMITS } from '../limits.ts'
import type { Operation } from './operations.ts'
import type { RecentEdit, RoomState } from './state.ts'
import { holdsList } from './values.ts'

type Recent = Pick<RoomState, 'recent' | 'forgotten'>

/** What a room remembers after an edit. Most edits (a counter, a table's cell) move no index and cost it nothing. */
export function remembering({ recent, forgotten }: Recent, seq: number, operations: readonly Operation[]): Recent {
  const shifting = operations.flatMap(shiftOf)
  if (shifting.length === 0) return { recent, forgotten }
  const [oldest] = recent
  if (oldest === undefined || recent.length < LIMITS.rebaseEdits)
    return { recent: [...recent, { seq, operations: shifting }], forgotten }
  return { recent: [...recent.slice(1), { seq, operations: shifting }], forgotten: oldest.seq }
}

/** What edits after version `base` did to indices, oldest first, or null where the room does not know it any more. */
export function shiftsSince({ recent, forgotten }: Recent, base: number): readonly (readonly Operation[])[] | null {
  return base < forgotten ? null : recent.filter(({ seq }) => seq > base).map(({ operations }) => operations)
}

/** For rebasing over what is not known any more: whatever had an index may have gone. */
export const UNKNOWN: RecentEdit['operations'] = [{ op: 'set', path: '', value: null, lists: true }]

const THROUGH_INDEX = /\/\d/

/**
 * The part of an operation as applied that rebase.ts needs. A value matters for the lists in it, one that becomes an element not even
 * for those: the index that leads to it is new. So a room of 64 long drawings is remembered in a few kilobytes.
 */
function shiftOf(operation: Operation): readonly Operation[] {
  switch (operation.op) {
    case 'increment':
    case 'test':
      return []
    case 'set':
    case 'merge':
      return operation.lists || THROUGH_INDEX.test(operation.path) || holdsList(operation.value) ? [operation] : []
    case 'delete':
      return operation.lists || THROUGH_INDEX.test(operation.path) ? [operation] : []
    case 'insert':
    case 'replace':
      return [{ ...operation, value: null }]
    case 'append':
      return [{ ...operation, values: operation.values.map(() => null) }]
    default:
      return [operation]
  }
}
