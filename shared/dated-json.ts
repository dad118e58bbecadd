import { isPlainJson, isPlainObject, MOST_PARTS } from './json.ts'

/** superjson's annotations: what stands at each of these paths is a date. */
export interface Dated {
  values: Record<string, ['Date']>
  v: 1
}

/**
 * What superjson would note of a value that JSON carries but for its dates, which `JSON.stringify` writes as superjson does; null where
 * there is anything else. Keys may be any, also those that superjson refuses. Linear, without recursion.
 */
export function datesOf(value: unknown): Dated | null {
  const dates: [path: string, ['Date']][] = []
  const parts: [path: string | null, part: unknown][] = [[null, value]]
  for (let seen = 0; ; seen++) {
    const [path, part] = parts.pop() ?? []
    if (path === undefined) return { values: Object.fromEntries(dates), v: 1 }
    if (seen + parts.length > MOST_PARTS) return null
    if (part instanceof Date && path !== null) dates.push([path, ['Date']])
    else if (!Array.isArray(part) && !isPlainObject(part)) {
      if (!isPlainJson(part)) return null
    } else {
      const entries = Object.entries(part)
      if (Array.isArray(part) && (part.length !== entries.length || part.includes(undefined))) return null
      for (const [key, each] of entries)
        if (each !== undefined) parts.push([path === null ? escaped(key) : `${path}.${escaped(key)}`, each])
    }
  }
}

const escaped = (key: string) => key.replace(/[\\.]/g, '\\$&')
