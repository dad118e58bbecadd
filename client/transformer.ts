import superjson from 'superjson'
import { isPlainJson } from '../shared/json.ts'

type Payload = ReturnType<typeof superjson.serialize>

const serialize = (value: unknown): Payload =>
  // edge: superjson's type of what it carries has no word for `unknown`; the predicate has seen that it is JSON.
  isPlainJson(value) ? { json: value as Payload['json'] } : superjson.serialize(value)
const deserialize = (payload: Payload): unknown =>
  payload.meta === undefined ? payload.json : superjson.deserialize(payload)

/**
 * superjson on the wire, but for what JSON carries by itself: that goes and comes untouched, since superjson refuses keys such
 * as `__proto__` when it writes and loses them when it reads.
 */
export const transformer = { input: { serialize, deserialize }, output: { serialize, deserialize } }
