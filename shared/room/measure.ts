import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import { isList } from './values.ts'

/** Bytes of a text as JSON writes it, in UTF-8, the quotes included. Half a surrogate pair becomes `\udXXX`. */
export function textBytes(text: string): number {
  let bytes = text.length + 2
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x20 && unit < 0x80) {
      if (unit === 0x22 || unit === 0x5c) bytes++
    } else if (unit < 0x20) bytes += isShortEscape(unit) ? 1 : 5
    else if (unit < 0x800) bytes++
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 2
    else if (isPair(unit, text.charCodeAt(i + 1))) {
      bytes += 2
      i++
    } else bytes += 5
  }
  return bytes
}

/** \b \t \n \f \r; the other controls are \u00XX. */
const isShortEscape = (unit: number) => unit >= 8 && unit <= 13 && unit !== 11
const isPair = (high: number, low: number) => high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff

/** Bytes of a value's JSON text in UTF-8, without making the text. The value is within LIMITS.room.depth. */
export function jsonBytes(value: Json): number {
  if (typeof value === 'string') return textBytes(value)
  if (typeof value === 'number') return String(value).length
  if (typeof value === 'boolean') return value ? 4 : 5
  if (value === null) return 4
  if (isList(value)) {
    let bytes = 1 + Math.max(1, value.length)
    for (const element of value) bytes += jsonBytes(element)
    return bytes
  }
  const entries = Object.entries(value)
  let bytes = 1 + Math.max(1, entries.length)
  for (const [key, part] of entries) bytes += textBytes(key) + 1 + jsonBytes(part)
  return bytes
}

/** How deep lists and dictionaries nest in a value: 0 for a text, 1 for `[]`. */
export function jsonNesting(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  let deepest = 0
  for (const part of isList(value) ? value : Object.values(value)) deepest = Math.max(deepest, jsonNesting(part))
  return deepest + 1
}

/** A limit that a value passes: `what` is a key of LIMITS.room. */
export interface Excess {
  what: 'depth' | 'keys' | 'listLength' | 'keyChars'
  limit: number
}
const excess = (what: Excess['what']): Excess => ({ what, limit: LIMITS.room[what] })

/** The first limit of LIMITS.room that a value passes if it stands inside of `above` containers, or null. It never recurses past the depth. */
export function excessOf(value: Json, above = 0): Excess | null {
  if (typeof value !== 'object' || value === null) return null
  if (above >= LIMITS.room.depth) return excess('depth')
  if (isList(value)) {
    if (value.length > LIMITS.room.listLength) return excess('listLength')
    for (const element of value) {
      const found = excessOf(element, above + 1)
      if (found !== null) return found
    }
    return null
  }
  const entries = Object.entries(value)
  if (entries.length > LIMITS.room.keys) return excess('keys')
  for (const [key, part] of entries) {
    const found = key.length > LIMITS.room.keyChars ? excess('keyChars') : excessOf(part, above + 1)
    if (found !== null) return found
  }
  return null
}
