import type { Json, JsonObject } from '../json.ts'

export type Container = readonly Json[] | JsonObject
/** A dictionary that its maker may still write to. */
export type Dictionary = Record<string, Json>

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
export const isDictionary = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a dictionary's own key: `constructor` and `__proto__` are keys as any other. */
export const ownValue = (dictionary: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(dictionary, key) ? dictionary[key] : undefined

/** Writes an own key. An existing one keeps its place in the order. */
export function setOwn(dictionary: Dictionary, key: string, value: Json): void {
  // The one key with a setter on the prototype; defining each key would cost three times as much.
  if (key === '__proto__')
    Object.defineProperty(dictionary, key, { value, writable: true, enumerable: true, configurable: true })
  else dictionary[key] = value
}

/** The id by which a list's element can be addressed: its own key `id`, where that is a string. */
export function idOf(element: Json | undefined): string | null {
  if (!isDictionary(element)) return null
  const id = ownValue(element, 'id')
  return typeof id === 'string' ? id : null
}

/**
 * Whether putting `next` where `there` stands would change nothing, as far as that is seen at once: texts, numbers and literals. Two
 * containers count as different even if they are one object: a process that reads the operation from the log has two.
 */
export const isSameScalar = (there: Json | undefined, next: Json) =>
  there === next && (typeof next !== 'object' || next === null)

/** Equality of JSON values (RFC 6902, section 4.6): the order of a dictionary's keys does not matter, that of a list does. */
export function isEqual(a: Json, b: Json): boolean {
  if (a === b) return true
  if (isList(a)) return isList(b) && a.length === b.length && a.every((element, i) => isEqual(element, b[i] ?? null))
  if (!isDictionary(a) || !isDictionary(b)) return false
  const entries = Object.entries(a)
  return (
    entries.length === Object.keys(b).length &&
    entries.every(([key, part]) => {
      const other = ownValue(b, key)
      return other !== undefined && isEqual(part, other)
    })
  )
}

/** Whether a value is a list or has one anywhere inside. */
export function holdsList(value: Json | undefined): boolean {
  if (value === undefined || typeof value !== 'object' || value === null) return false
  return isList(value) || Object.values(value).some(holdsList)
}
