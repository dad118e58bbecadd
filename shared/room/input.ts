import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Operation } from './operations.ts'
export const jsonSchema = z.custom<Json>((value) => value !== undefined)
export const jsonObjectSchema = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null)
export const operationsSchema = z.custom<readonly Operation[]>(
  (value) => Array.isArray(value) && value.length <= LIMITS.room.operations,
)
