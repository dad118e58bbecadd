import type { Json } from '../../shared/json.ts'
import { type Applied, applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { RuleError } from '../../shared/rules.ts'

const bytesOf = (value: Json) => Buffer.byteLength(JSON.stringify(value))

/** Applies as a decider does, and checks what holds of each success. Throws what it is refused with. */
export function applied(data: Json, ...operations: readonly Operation[]): Applied {
  const text = JSON.stringify(data)
  const done = applyOperations(data, operations, { bytes: bytesOf(data) })
  if (JSON.stringify(data) !== text) throw new Error('the data before was written to')
  if (done instanceof RuleError) throw done
  if (done.bytes !== bytesOf(done.data) - bytesOf(data)) throw new Error(`${done.bytes} are not the bytes`)
  return done
}

export const after = (data: Json, ...operations: readonly Operation[]) => applied(data, ...operations).data

/** The rule and details of the error that operations are refused with; null if they are not. */
export function refusal(data: Json, ...operations: readonly Operation[]): Record<string, unknown> | null {
  const text = JSON.stringify(data)
  const done = applyOperations(data, operations, { bytes: bytesOf(data) })
  if (JSON.stringify(data) !== text) throw new Error('the data before was written to')
  return done instanceof RuleError ? { rule: done.rule, ...done.details } : null
}

/** The rule alone, or `done`. */
export const rule = (data: Json, ...operations: readonly Operation[]) =>
  String(refusal(data, ...operations)?.rule ?? 'done')
