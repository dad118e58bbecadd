/**
 * What is known by user, as plain JSON that shares most of itself with the table before: an answer in a room of 1,000 copies some
 * 80 references and not 1,000. Lists of pairs and no objects, so that a user may be called `__proto__`. Equal histories make equal texts.
 */
export type Table<T> = readonly (readonly (readonly [key: string, value: T])[])[]

const BUCKETS = 64

export const EMPTY: Table<never> = Array.from({ length: BUCKETS }, () => [])

/** FNV-1a, 32 bit, over UTF-16 units. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % BUCKETS
}

export function entryOf<T>(table: Table<T>, key: string): T | null {
  for (const [name, value] of table[bucketOf(key)] ?? []) if (name === key) return value
  return null
}

/** The table with one entry more, or another value for it. */
export function withEntry<T>(table: Table<T>, key: string, value: T): Table<T> {
  const at = bucketOf(key)
  const bucket = table[at] ?? []
  const place = bucket.findIndex(([name]) => name === key)
  const entry = [key, value] as const
  return table.with(at, place === -1 ? [...bucket, entry] : bucket.with(place, entry))
}

export const entriesOf = <T>(table: Table<T>): (readonly [string, T])[] => table.flat()

export const sizeOf = (table: Table<unknown>): number => table.reduce((sum, bucket) => sum + bucket.length, 0)

/** Another value for every entry. */
export const mapped = <T, U>(table: Table<T>, change: (value: T, key: string) => U): Table<U> =>
  table.map((bucket) => bucket.map(([key, value]) => [key, change(value, key)] as const))
