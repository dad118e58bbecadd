import type { Draft } from './draft.ts'
import type { Operation } from './operations.ts'
import { elementAt, indexOf, indexOfId, listAt, locate, type Place, pointerOf } from './place.ts'
import { assertFreeIds, insertAt, moveAt, putAt, takeAt } from './writes.ts'

export type ListOperation = Extract<Operation, { op: 'insert' | 'append' | 'remove' | 'replace' | 'move' }>

/** An operation on the list at a pointer; gives it as applied, or null if it changed nothing. Throws path-missing, duplicate-id, limit-reached. */
export function listOperation(draft: Draft, operation: ListOperation): Operation | null {
  const place = locate(draft.data, operation.path)
  switch (operation.op) {
    case 'insert':
      return insertAt(draft, elementAt(place, operation.at, 'gap'), operation.value)
    case 'append':
      return append(draft, place, operation)
    case 'remove':
      return takeAt(draft, elementAt(place, operation.at))
    case 'replace':
      return putAt(draft, elementAt(place, operation.at), operation.value)
    case 'move': {
      const element = elementAt(place, operation.at)
      return moveAt(draft, element, indexAfterwards(element, operation.to))
    }
  }
}

function append(draft: Draft, place: Place, { values }: Extract<Operation, { op: 'append' }>): Operation | null {
  const list = listAt(place)
  if (values.length === 0) return null
  assertFreeIds(list, values)
  const index = list.length
  draft.insert(elementAt(place, { index }, 'gap'), values)
  return { op: 'append', path: pointerOf(place), values, index }
}

/** The index at which an element stands after a move. */
function indexAfterwards(element: Place, to: Extract<Operation, { op: 'move' }>['to']): number {
  if (typeof to === 'number') return to
  const list = listAt({ ...element, value: element.inside.at(-1) })
  if (to === 'end') return list.length - 1
  const index = indexOf(element) ?? 0
  const before = indexOfId(list, to.before)
  return before > index ? before - 1 : before
}
