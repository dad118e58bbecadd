import { LIMITS } from '../limits.ts'
import { isPlainObject } from '../json.ts'
import { excess, type Fault, fault, jsonFault, within } from './json-fault.ts'
import type { Operation, PatchOperation } from './operations.ts'
import { parsePointer } from './pointer.ts'

type Check = (value: unknown) => Fault | null
interface Field {
  check: Check
  optional: boolean
}
/** Maps, not objects: an input's `op` may be `constructor`. */
type Fields = ReadonlyMap<string, Field>

const { depth, keyChars, listLength, operations: most } = LIMITS.room

const pointer: Check = (value) => {
  const tokens = typeof value === 'string' ? parsePointer(value) : null
  if (tokens === null) return fault('is not a JSON Pointer (RFC 6901)')
  if (tokens.length > depth) return excess('depth')
  // One more than a key may have, for the `@` before an id.
  return tokens.some((token) => token.length > keyChars + 1) ? excess('keyChars') : null
}
const json: Check = (value) => jsonFault(value)
const dictionary: Check = (value) => (isPlainObject(value) ? jsonFault(value) : fault('is not an object'))
const list: Check = (value) => (Array.isArray(value) ? jsonFault(value) : fault('is not a list'))
const number: Check = (value) => (Number.isFinite(value) ? null : fault('is not a finite number'))
const isTrue: Check = (value) => (value === true ? null : fault('is not true'))
const id: Check = (value) =>
  typeof value === 'string' && value.length <= keyChars ? null : fault(`is not a text of up to ${keyChars} characters`)
const index: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= listLength
    ? null
    : fault(`is not an index (0 to ${listLength})`)

/** An object with exactly one key, one of these. */
function oneOf(checks: ReadonlyMap<string, Check>): Check {
  const names = [...checks.keys()].join(' or ')
  return (value) => {
    const [key, ...others] = isPlainObject(value) ? Object.keys(value) : []
    const check = key === undefined ? undefined : checks.get(key)
    if (key === undefined || check === undefined || others.length > 0 || !isPlainObject(value))
      return fault(`is not an object with ${names}`)
    return within(key, check(value[key]))
  }
}
const element = oneOf(
  new Map([
    ['index', index],
    ['id', id],
  ]),
)
const before = oneOf(new Map([['before', id]]))
const destination: Check = (value) => {
  if (value === 'end') return null
  return typeof value === 'object' ? before(value) : index(value)
}

const fields = (required: Record<string, Check>, optional: Record<string, Check> = {}): Fields =>
  new Map<string, Field>([
    ...Object.entries(required).map(([key, check]): [string, Field] => [key, { check, optional: false }]),
    ...Object.entries(optional).map(([key, check]): [string, Field] => [key, { check, optional: true }]),
  ])

const PATCH = new Map(
  Object.entries({
    add: fields({ path: pointer, value: json }),
    replace: fields({ path: pointer, value: json }),
    test: fields({ path: pointer, value: json }),
    remove: fields({ path: pointer }),
    move: fields({ from: pointer, path: pointer }),
    copy: fields({ from: pointer, path: pointer }),
  } satisfies Record<PatchOperation['op'], Fields>),
)
const patch: Check = (value) => {
  if (!Array.isArray(value)) return fault('is not a list')
  // RFC 6902, section 4: members that are not defined are ignored.
  return firstFault(value.slice(0, most + 1), (part) => fieldsFault(part, PATCH, 'lenient'))
}

const OPERATIONS = new Map(
  Object.entries({
    set: fields({ path: pointer, value: json }),
    setIfAbsent: fields({ path: pointer, value: json }),
    compareAndSet: fields({ path: pointer, value: json }, { expect: json }),
    merge: fields({ path: pointer, value: dictionary }),
    delete: fields({ path: pointer }),
    increment: fields({ path: pointer, by: number }, { min: number, max: number, clamp: isTrue }),
    insert: fields({ path: pointer, at: element, value: json }),
    append: fields({ path: pointer, values: list }),
    remove: fields({ path: pointer, at: element }),
    replace: fields({ path: pointer, at: element, value: json }),
    move: fields({ path: pointer, at: element, to: destination }),
    test: fields({ path: pointer, value: json }),
    patch: fields({ patch }),
    mergePatch: fields({ path: pointer, patch: json }),
  } satisfies Record<Operation['op'], Fields>),
)

/** The first thing that is wrong with a command's operations, or null. */
export function operationsFault(value: unknown): Fault | null {
  if (!Array.isArray(value)) return fault('is not a list')
  const count = value.reduce((sum: number, operation) => sum + partsOf(operation), 0)
  if (count > most) return excess('operations')
  return firstFault(value, (operation) => fieldsFault(operation, OPERATIONS, 'strict') ?? boundsFault(operation))
}

/** How many operations one counts as: a JSON Patch as many as are inside. */
const partsOf = (operation: unknown) =>
  isPlainObject(operation) && Array.isArray(operation.patch) && operation.op === 'patch'
    ? Math.max(1, operation.patch.length)
    : 1

function firstFault(values: readonly unknown[], check: Check): Fault | null {
  for (let i = 0; i < values.length; i++) {
    const found = check(values[i])
    if (found !== null) return within(i, found)
  }
  return null
}

function fieldsFault(value: unknown, kinds: ReadonlyMap<string, Fields>, others: 'strict' | 'lenient'): Fault | null {
  if (!isPlainObject(value)) return fault('is not an object')
  const kind = typeof value.op === 'string' ? kinds.get(value.op) : undefined
  if (kind === undefined) return fault(`is not one of ${[...kinds.keys()].join(', ')}`, 'op')
  for (const [key, { check, optional }] of kind) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined
    const found = given === undefined && optional ? null : given === undefined ? fault('is missing') : check(given)
    if (found !== null) return within(key, found)
  }
  if (others === 'lenient') return null
  for (const key of Object.keys(value)) if (key !== 'op' && !kind.has(key)) return fault('is not known', key)
  return null
}

function boundsFault(operation: unknown): Fault | null {
  if (!isPlainObject(operation) || operation.op !== 'increment') return null
  const { min, max } = operation
  return typeof min === 'number' && typeof max === 'number' && min > max ? fault('is above max', 'min') : null
}
