import type { Json, JsonObject } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { formatPointer } from '../../shared/room/pointer.ts'
import { idOf, isDictionary, isEqual, isList, ownValue } from '../../shared/room/values.ts'
import { locate } from '../../shared/room/place.ts'
import { RuleError } from '../../shared/rules.ts'

type Path = readonly (string | number)[]

/**
 * Operations that take back what was done to `before`, given as applied: newest first. They work where the data still stands as it
 * was left, and fail elsewhere (test-failed, path-missing): nobody's later work is overwritten. Two kinds go by their meaning
 * instead, so that they disturb nobody: an increment subtracts what it added, a move moves back.
 */
export function inverseOf(before: Json, applied: readonly Operation[]): readonly Operation[] {
  const inverse: Operation[] = []
  let data = before
  for (const operation of applied) {
    const done = applyOperations(data, [operation])
    // What was applied applies again; where it does not, the data is not the one that was said.
    if (done instanceof RuleError) return []
    inverse.unshift(...inverseOfOne(operation, data, done.data))
    data = done.data
  }
  return inverse
}

function inverseOfOne(operation: Operation, before: Json, after: Json): readonly Operation[] {
  if (operation.op === 'increment') return subtraction(operation, before, after)
  if (operation.op === 'move' && 'index' in operation.at && typeof operation.to === 'number')
    return [{ ...operation, at: { index: operation.to }, to: operation.at.index }]
  return restoration([], before, after)
}

/** A number that was made by the increment stays, as 0: whoever has added to it since keeps that. */
function subtraction(
  { path, min, max }: Extract<Operation, { op: 'increment' }>,
  before: Json,
  after: Json,
): readonly Operation[] {
  const by = numberAt(before, path) - numberAt(after, path)
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  return by === 0 ? [] : [{ op: 'increment', path, by, ...bounds }]
}

function numberAt(data: Json, path: string): number {
  const { value } = locate(data, path)
  return typeof value === 'number' ? value : 0
}

/** What turns `after` into `before` again, where they differ. Subtrees that a change shares with what was before cost nothing. */
function restoration(path: Path, before: Json, after: Json): Operation[] {
  if (isEqual(before, after)) return []
  if (isDictionary(before) && isDictionary(after)) return keys(path, before, after)
  if (isList(before) && isList(after)) return elements(path, before, after)
  return [{ op: 'compareAndSet', path: formatPointer(path), expect: after, value: before }]
}

function keys(path: Path, before: JsonObject, after: JsonObject): Operation[] {
  const restored: Operation[] = []
  for (const [key, now] of Object.entries(after)) {
    const was = ownValue(before, key)
    const place = [...path, key]
    if (was === now) continue
    if (was !== undefined) restored.push(...restoration(place, was, now))
    else restored.push(...guarded(place, now, { op: 'delete', path: formatPointer(place) }))
  }
  for (const [key, was] of Object.entries(before))
    if (!Object.hasOwn(after, key))
      restored.push({ op: 'compareAndSet', path: formatPointer([...path, key]), value: was })
  return restored
}

/** Lists differ in one stretch: what an operation puts in, takes out or replaces stands together. */
function elements(path: Path, before: readonly Json[], after: readonly Json[]): Operation[] {
  const same = (i: number, j: number) => isEqual(before[i] ?? null, after[j] ?? null)
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && same(start, start)) start++
  let end = 0
  while (end < shorter - start && same(before.length - 1 - end, after.length - 1 - end)) end++
  const was = before.slice(start, before.length - end)
  const now = after.slice(start, after.length - end)
  if (was.length === now.length)
    return was.flatMap((value, i) => restoration([...path, tokenOf(start + i, [value, now[i]])], value, now[i] ?? null))
  const list = formatPointer(path)
  // Later elements first, so that the indices of the others hold.
  const taken = now.map((value, i) => removal(path, start + i, value)).toReversed()
  const put = was.map((value, i): Operation => ({ op: 'insert', path: list, at: { index: start + i }, value }))
  return [...taken.flat(), ...put]
}

/** By its own id, where the element has one: that finds it wherever it went. */
function tokenOf(index: number, versions: readonly (Json | undefined)[]): string | number {
  const [id, ...others] = versions.map(idOf)
  return typeof id === 'string' && others.every((other) => other === id) ? `@${id}` : index
}

function removal(path: Path, index: number, value: Json): Operation[] {
  const id = idOf(value)
  const at = id === null ? { index } : { id }
  return guarded([...path, tokenOf(index, [value])], value, { op: 'remove', path: formatPointer(path), at })
}

const guarded = (place: Path, value: Json, operation: Operation): Operation[] => [
  { op: 'test', path: formatPointer(place), value },
  operation,
]
