/** Any JSON value. Objects may have any key, `__proto__` and the empty one included: never write to one by `object[key] = …`. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/**
 * How deep the arrays and objects of a JSON text nest, without parsing it. A scan is linear and cannot overflow the
 * stack, which a parser's or validator's recursion on `[[[[…` can.
 */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (char === 0x5d || char === 0x7d) depth--
  }
  return deepest
}

/** A value with more parts than any message may have (a body is 64 KiB, a room 256 KiB) is looked at no further: it may be a cycle. */
export const MOST_PARTS = 1_000_000

/**
 * Whether JSON alone carries a value, so that it needs no annotations: no Date, Map, cycle, `undefined` in a list or number that
 * JSON has no word for. An object's field that is undefined is left out, as JSON does; the sign of zero is lost. Linear, without
 * recursion.
 */
export function isPlainJson(value: unknown): boolean {
  const parts: unknown[] = [value]
  for (let seen = 0; parts.length > 0; seen++) {
    if (seen + parts.length > MOST_PARTS) return false
    const part = parts.pop()
    if (part === null || typeof part === 'string' || typeof part === 'boolean') continue
    if (typeof part === 'number' ? !Number.isFinite(part) : typeof part !== 'object') return false
    if (typeof part === 'object' && !takeApart(part, parts)) return false
  }
  return true
}

/** Adds what an array or a plain object holds; false for anything else. */
function takeApart(part: object, parts: unknown[]): boolean {
  if (Array.isArray(part)) {
    for (const each of part) {
      if (each === undefined || parts.length > MOST_PARTS) return false
      parts.push(each)
    }
    return true
  }
  if (!isPlainObject(part)) return false
  for (const each of Object.values(part)) if (each !== undefined) parts.push(each)
  return true
}

/** Whether a value is what a JSON text's object is parsed to: no Date, no Map. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
