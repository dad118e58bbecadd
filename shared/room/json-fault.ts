import { isPlainObject } from '../json.ts'
import { LIMITS } from '../limits.ts'

/** What is wrong with an input, and where in it. */
export interface Fault {
  path: (string | number)[]
  message: string
  /** The limit of LIMITS.room that it passes: then the error is limit-reached, with the number. */
  params?: { what: LimitName; limit: number }
}
type LimitName = 'depth' | 'keys' | 'keyChars' | 'listLength' | 'operations'

export const fault = (message: string, ...path: (string | number)[]): Fault => ({ path, message })

/** A value that passes a limit. */
export const excess = (what: LimitName): Fault => {
  const limit = LIMITS.room[what]
  return { path: [], message: `passes the limit of ${what}, ${limit}`, params: { what, limit } }
}

/** The fault of a part of a value, as one of the value. */
export function within(key: string | number, found: Fault | null): Fault | null {
  found?.path.unshift(key)
  return found
}

/** The first thing that keeps a value from being JSON within LIMITS.room (bytes aside), or null. It never recurses past the depth. */
export function jsonFault(value: unknown, above = 0): Fault | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null
    case 'number':
      return Number.isFinite(value) ? null : fault('is not a finite number')
    case 'object':
      return value === null ? null : containerFault(value, above)
    default:
      return fault(value === undefined ? 'is missing' : 'is not JSON')
  }
}

function containerFault(value: object, above: number): Fault | null {
  const { depth, listLength, keys: most, keyChars } = LIMITS.room
  if (above >= depth) return excess('depth')
  if (Array.isArray(value)) {
    if (value.length > listLength) return excess('listLength')
    for (let i = 0; i < value.length; i++) {
      const found = jsonFault(value[i], above + 1)
      if (found !== null) return within(i, found)
    }
    return null
  }
  if (!isPlainObject(value)) return fault('is not JSON')
  const keys = Object.keys(value)
  if (keys.length > most) return excess('keys')
  for (const key of keys) {
    if (key.length > keyChars) return excess('keyChars')
    const found = jsonFault(value[key], above + 1)
    if (found !== null) return within(key, found)
  }
  return null
}
