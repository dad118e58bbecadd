import type { Json } from '../json.ts'
import { RuleError } from '../rules.ts'
import type { Element } from './operations.ts'
import { formatPointer, idIn, isIndex, parsePointer } from './pointer.ts'
import { type Container, idOf, isDictionary, isList, ownValue } from './values.ts'

/** Where a pointer leads in one version of the data. */
export interface Place {
  /** The containers on the way, outermost first; empty at the root. */
  readonly inside: readonly Container[]
  /** The key or index taken in each of them. */
  readonly keys: readonly (string | number)[]
  /** What stands there; undefined: nothing, but the last container would take it. */
  readonly value: Json | undefined
}

/** `room`: `@id` names an element. `patch`: RFC 6902, without. `gap`: the same, and the last token may be a list's end, `-` too. */
export type Reading = 'room' | 'patch' | 'gap'

const missing = () => new RuleError('path-missing')

/** Throws path-missing, or duplicate-id for an id that its list has twice. */
export function locate(data: Json, pointer: string, reading: Reading = 'room'): Place {
  const tokens = parsePointer(pointer)
  if (tokens === null) throw missing()
  const inside: Container[] = []
  const keys: (string | number)[] = []
  let value: Json | undefined = data
  for (const [depth, token] of tokens.entries()) {
    if (isDictionary(value)) {
      inside.push(value)
      keys.push(token)
      value = ownValue(value, token)
    } else if (isList(value)) {
      const index = indexIn(value, token, depth === tokens.length - 1 || reading !== 'gap' ? reading : 'patch')
      inside.push(value)
      keys.push(index)
      value = value[index]
    } else throw missing()
  }
  return { inside, keys, value }
}

/** What stands at a pointer; undefined: nothing. Throws duplicate-id. */
export function valueAt(data: Json, pointer: string, reading: Reading = 'room'): Json | undefined {
  try {
    return locate(data, pointer, reading).value
  } catch (error) {
    if (error instanceof RuleError && error.rule === 'path-missing') return undefined
    throw error
  }
}

function indexIn(list: readonly Json[], token: string, reading: Reading): number {
  const id = reading === 'room' ? idIn(token) : null
  if (id !== null) return indexOfId(list, id)
  if (reading === 'gap' && token === '-') return list.length
  const index = isIndex(token) ? Number(token) : Number.NaN
  if (index < list.length || (reading === 'gap' && index === list.length)) return index
  throw missing()
}

/** Where the element with this id stands. Throws path-missing, or duplicate-id where there are two. */
export function indexOfId(list: readonly Json[], id: string): number {
  let found = -1
  for (let i = 0; i < list.length; i++) {
    if (idOf(list[i]) !== id) continue
    if (found >= 0) throw new RuleError('duplicate-id')
    found = i
  }
  if (found < 0) throw missing()
  return found
}

/** The list at a place. Throws path-missing. */
export function listAt({ value }: Place): readonly Json[] {
  if (!isList(value)) throw missing()
  return value
}

/** The place of an element of the list at `place`. `gap`: the list's length is an index, too. Throws path-missing, duplicate-id. */
export function elementAt(place: Place, at: Element, use: 'element' | 'gap' = 'element'): Place {
  const list = listAt(place)
  const index = 'id' in at ? indexOfId(list, at.id) : at.index
  const end = use === 'gap' ? list.length : list.length - 1
  if (!Number.isInteger(index) || index < 0 || index > end) throw missing()
  return { inside: [...place.inside, list], keys: [...place.keys, index], value: list[index] }
}

/** The place of a key of the dictionary at `place`. Throws path-missing. */
export function keyAt(place: Place, key: string): Place {
  if (!isDictionary(place.value)) throw missing()
  return { inside: [...place.inside, place.value], keys: [...place.keys, key], value: ownValue(place.value, key) }
}

/** The same place in a newer version, where the way to it is still there. */
export function again(data: Json, { keys }: Place): Place {
  const inside: Container[] = []
  let value: Json | undefined = data
  for (const key of keys) {
    if (isList(value)) {
      inside.push(value)
      value = value[Number(key)]
    } else if (isDictionary(value)) {
      inside.push(value)
      value = ownValue(value, String(key))
    }
  }
  return { inside, keys, value }
}

/** The index of a place in a list; null where it is a key, or the root. */
export function indexOf({ keys }: Place): number | null {
  const last = keys.at(-1)
  return typeof last === 'number' ? last : null
}

export const pointerOf = ({ keys }: Place) => formatPointer(keys)
/** The pointer of the list that an element is in. */
export const listPointerOf = ({ keys }: Place) => formatPointer(keys.slice(0, -1))
