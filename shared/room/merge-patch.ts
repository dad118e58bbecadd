import type { Json, JsonObject } from '../json.ts'
import { RuleError } from '../rules.ts'
import type { Draft } from './draft.ts'
import type { Operation } from './operations.ts'
import { again, keyAt, locate, type Place, pointerOf } from './place.ts'
import { type Dictionary, isDictionary, isList, isSameScalar, setOwn } from './values.ts'
import { putAt } from './writes.ts'

/** Puts each key of a dictionary into the one at a pointer; gives the operation as applied, or null if it changed nothing. Throws path-missing. */
export function mergeKeys(draft: Draft, { path, value }: Extract<Operation, { op: 'merge' }>): Operation | null {
  const place = locate(draft.data, path)
  if (!isDictionary(place.value)) throw new RuleError('path-missing')
  let changed = false
  for (const [key, part] of Object.entries(value)) {
    const child = keyAt(again(draft.data, place), key)
    if (isSameScalar(child.value, part)) continue
    draft.put(child, part)
    changed = true
  }
  if (!changed) return null
  return { op: 'merge', path: pointerOf(place), value, ...(draft.lostList && { lists: true as const }) }
}

/** RFC 7396, applied to the value at a pointer; gives the operation as applied, or null if it changed nothing. Throws path-missing. */
export function mergePatch(draft: Draft, { path, patch }: Extract<Operation, { op: 'mergePatch' }>): Operation | null {
  const place = locate(draft.data, path)
  if (!isDictionary(patch) || !isDictionary(place.value)) return putAt(draft, place, withoutNulls(patch))
  const { changed, lists } = mergeInto(draft, place, patch)
  if (!changed) return null
  return { op: 'mergePatch', path: pointerOf(place), patch, ...(lists && { lists: true as const }) }
}

interface Merged {
  changed: boolean
  /** An object of the patch took the place of a list. */
  lists: boolean
}

/** The dictionary at `place` becomes what RFC 7396, section 2, makes of it. */
function mergeInto(draft: Draft, place: Place, patch: JsonObject): Merged {
  const merged = { changed: false, lists: false }
  for (const [key, part] of Object.entries(patch)) {
    const child = keyAt(again(draft.data, place), key)
    if (isDictionary(part) && isDictionary(child.value)) {
      const inner = mergeInto(draft, child, part)
      merged.changed ||= inner.changed
      merged.lists ||= inner.lists
    } else if (part === null ? child.value !== undefined : !isSameScalar(child.value, part)) {
      merged.changed = true
      merged.lists ||= isDictionary(part) && isList(child.value)
      if (part === null) draft.take(child)
      else draft.put(child, withoutNulls(part))
    }
  }
  return merged
}

/** What a patch makes where nothing stands: itself, without the keys that are null. */
function withoutNulls(patch: Json): Json {
  if (!isDictionary(patch)) return patch
  const made: Dictionary = {}
  for (const [key, part] of Object.entries(patch)) if (part !== null) setOwn(made, key, withoutNulls(part))
  return made
}
