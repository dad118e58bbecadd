import { z } from 'zod'
import { isPlainObject, type Json, type JsonObject } from '../json.ts'
import { type Fault, fault, jsonFault } from './json-fault.ts'
import { operationsFault } from './operation-fault.ts'
import type { Operation } from './operations.ts'

/**
 * A schema that checks by hand and gives the very value that came: zod's own records drop the key `__proto__`, and its unions of
 * objects take many times as long. One issue at most, the first.
 */
const checked = <T>(faultOf: (value: unknown) => Fault | null) =>
  z.custom<T>().superRefine((value, context) => {
    const found = faultOf(value)
    if (found !== null) context.addIssue({ code: 'custom', ...found })
  })

/** Any JSON value within LIMITS.room: depth, keys, list length, characters of a key, finite numbers. */
export const jsonSchema = checked<Json>((value) => jsonFault(value))

/** A dictionary of such values. */
export const jsonObjectSchema = checked<JsonObject>((value) =>
  isPlainObject(value) ? jsonFault(value) : fault('is not an object'),
)

/** The operations of one command, LIMITS.room.operations at most, those inside of JSON Patches counted. Unknown fields are refused. */
export const operationsSchema = checked<readonly Operation[]>(operationsFault)
