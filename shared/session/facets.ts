type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** One top-level metadata value as text that only an equal key and value give. */
const facet = (key: string, value: string | number | boolean) => JSON.stringify([key, value])

const isPlain = (value: Json): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/**
 * The comparable part of a session's metadata, one text a value. The database compares these and never sees the integrator's
 * keys, which may hold `$` and dots.
 */
export const facetsOf = (metadata: Record<string, Json>): string[] =>
  Object.entries(metadata).flatMap(([key, value]) => (isPlain(value) ? [facet(key, value)] : []))
