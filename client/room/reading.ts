import type { z } from 'zod'
import type { Json } from '../../shared/json.ts'
import { FoyerError } from '../errors.ts'
import type { DataSchema } from './types.ts'

/** What a schema makes of data. */
export type Fit<T> = { data: T; error: null } | { data: null; error: FoyerError }

/** Reads data by a schema, or as it is where there is none; the same data is read once. */
export function reading<S extends DataSchema>(schema: S | undefined) {
  let last: { raw: Json; fit: Fit<z.output<S>> } | null = null
  return (raw: Json): Fit<z.output<S>> => {
    if (last === null || last.raw !== raw) last = { raw, fit: fitOf(schema, raw) }
    return last.fit
  }
}

function fitOf<S extends DataSchema>(schema: S | undefined, raw: Json): Fit<z.output<S>> {
  // edge: without a schema S is AnyJson, whose output is any JSON
  if (schema === undefined) return { data: raw as z.output<S>, error: null }
  try {
    const parsed = schema.safeParse(raw)
    if (parsed.success) return { data: parsed.data, error: null }
    return { data: null, error: new FoyerError('unfit-data', { cause: parsed.error, details: issuesOf(parsed.error) }) }
  } catch (cause) {
    return { data: null, error: new FoyerError('unfit-data', { cause }) }
  }
}

/** The schema's complaints by JSON path, without the values. */
function issuesOf({ issues }: z.ZodError) {
  const byPath: Record<string, string[]> = {}
  for (const { path, message } of issues) (byPath[path.map(String).join('.') || '(data)'] ??= []).push(message)
  return { issues: byPath }
}
