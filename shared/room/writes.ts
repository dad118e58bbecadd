import type { Json } from '../json.ts'
import { RuleError } from '../rules.ts'
import type { Draft } from './draft.ts'
import type { Operation } from './operations.ts'
import { indexOf, listPointerOf, type Place, pointerOf } from './place.ts'
import { idOf, isList, isSameScalar } from './values.ts'

/** Puts a value where the place is; gives the operation as applied, or null if the same text, number or literal stands there. */
export function putAt(draft: Draft, place: Place, value: Json): Operation | null {
  if (isSameScalar(place.value, value)) return null
  const index = indexOf(place)
  if (index !== null) {
    assertFreeIds(place.inside.at(-1), [value], index)
    draft.put(place, value)
    return { op: 'replace', path: listPointerOf(place), at: { index }, value }
  }
  draft.put(place, value)
  const path = pointerOf(place)
  return draft.lostList ? { op: 'set', path, value, lists: true } : { op: 'set', path, value }
}

/** Takes away what stands at the place; gives the operation as applied. Throws path-missing. */
export function takeAt(draft: Draft, place: Place): Operation {
  draft.take(place)
  const index = indexOf(place)
  if (index !== null) return { op: 'remove', path: listPointerOf(place), at: { index } }
  const path = pointerOf(place)
  return draft.lostList ? { op: 'delete', path, lists: true } : { op: 'delete', path }
}

/** Puts a value into a list, before the element at the place or at the list's end; gives the operation as applied. Throws duplicate-id. */
export function insertAt(draft: Draft, place: Place, value: Json): Operation {
  assertFreeIds(place.inside.at(-1), [value])
  draft.insert(place, [value])
  return { op: 'insert', path: listPointerOf(place), at: { index: indexOf(place) ?? 0 }, value }
}

/** Moves an element to the index `to` of its list; gives the operation as applied, or null if it stands there. Throws path-missing. */
export function moveAt(draft: Draft, place: Place, to: number): Operation | null {
  const list = place.inside.at(-1)
  const index = indexOf(place)
  if (index === null || !isList(list) || !Number.isInteger(to) || to < 0 || to >= list.length)
    throw new RuleError('path-missing')
  if (to === index) return null
  draft.move(place, to)
  return { op: 'move', path: listPointerOf(place), at: { index }, to }
}

/** Throws duplicate-id if elements that come into a list, in place of the one at `except`, have an id that another one has. */
export function assertFreeIds(list: Json | undefined, elements: readonly Json[], except = -1): void {
  const ids = new Set<string>()
  for (const element of elements) {
    const id = idOf(element)
    if (id === null) continue
    if (ids.has(id)) throw new RuleError('duplicate-id')
    ids.add(id)
  }
  if (ids.size === 0 || !isList(list)) return
  for (let index = 0; index < list.length; index++) {
    const id = index === except ? null : idOf(list[index])
    if (id !== null && ids.has(id)) throw new RuleError('duplicate-id')
  }
}
