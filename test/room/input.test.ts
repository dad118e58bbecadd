import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { jsonObjectSchema, jsonSchema, operationsSchema } from '../../shared/room/input.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { AWKWARD_KEYS } from './random.ts'

type Schema = {
  safeParse(value: unknown): { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } }
}
/** The one complaint, with its path; null if there is none. */
const complaint = (schema: Schema, value: unknown) => {
  const issues = schema.safeParse(value).error?.issues ?? []
  expect(issues.length).toBeLessThanOrEqual(1)
  return issues[0] === undefined ? null : `${issues[0].path.map(String).join('.')} ${issues[0].message}`
}
const { depth, keyChars, keys, listLength, operations: most } = LIMITS.room

const ONE_OF_EACH: readonly Operation[] = [
  { op: 'set', path: '/a', value: { b: [1, null] } },
  { op: 'setIfAbsent', path: '', value: null },
  { op: 'compareAndSet', path: '/a', value: 1 },
  { op: 'compareAndSet', path: '/a', expect: null, value: 1 },
  { op: 'merge', path: '/a', value: {} },
  { op: 'delete', path: '/a/@b' },
  { op: 'increment', path: '/a', by: -0.5 },
  { op: 'increment', path: '/a', by: 1, min: 0, max: 0, clamp: true },
  { op: 'insert', path: '/a', at: { index: 0 }, value: '' },
  { op: 'append', path: '/a', values: [] },
  { op: 'remove', path: '/a', at: { id: '' } },
  { op: 'replace', path: '/a', at: { id: 'x' }, value: false },
  { op: 'move', path: '/a', at: { index: 1 }, to: 0 },
  { op: 'move', path: '/a', at: { index: 1 }, to: 'end' },
  { op: 'move', path: '/a', at: { index: 1 }, to: { before: 'x' } },
  { op: 'test', path: '/a', value: 0 },
  { op: 'patch', patch: [{ op: 'copy', from: '/a', path: '/-' }] },
  { op: 'mergePatch', path: '', patch: null },
]

describe('operations', () => {
  test.each(ONE_OF_EACH.map((operation) => [JSON.stringify(operation), operation] as const))(
    'may be %s',
    (_, operation) => {
      expect(complaint(operationsSchema, [operation])).toBeNull()
    },
  )

  test('come through as the very values that were sent', () => {
    const sent = JSON.parse('[{"op":"set","path":"/a","value":{"__proto__":{"x":1},"constructor":2}}]')
    const { data } = operationsSchema.safeParse(sent)
    expect(data).toBe(sent)
    expect(JSON.stringify(data)).toContain('"__proto__":{"x":1}')
  })

  test('have no other fields than theirs, nor those that only an applied operation has', () => {
    for (const operation of ONE_OF_EACH)
      for (const field of ['extra', 'lists', '__proto__']) {
        const more = JSON.parse(`${JSON.stringify(operation).slice(0, -1)},"${field}":true}`)
        expect(complaint(operationsSchema, [operation, more])).toBe(`1.${field} is not known`)
      }
    expect(complaint(operationsSchema, [{ op: 'append', path: '', values: [], index: 1 }])).toBe('0.index is not known')
  })

  test('have each field that they need', () => {
    for (const operation of ONE_OF_EACH)
      for (const field of Object.keys(operation)) {
        if (['expect', 'min', 'max', 'clamp'].includes(field)) continue
        const less = Object.fromEntries(Object.entries(operation).filter(([name]) => name !== field))
        expect(complaint(operationsSchema, [less])).toStartWith(`0.${field} is `)
      }
  })

  const wrong: readonly (readonly [operation: unknown, complaint: string])[] = [
    [{ op: 'constructor' }, '0.op is not one of set, setIfAbsent'],
    [{ op: 7 }, '0.op is not one of'],
    [null, '0 is not an object'],
    [[], '0 is not an object'],
    [{ op: 'set', path: 'a', value: 1 }, '0.path is not a JSON Pointer'],
    [{ op: 'set', path: '/~', value: 1 }, '0.path is not a JSON Pointer'],
    [{ op: 'set', path: ['a'], value: 1 }, '0.path is not a JSON Pointer'],
    [{ op: 'set', path: '', value: undefined }, '0.value is missing'],
    [{ op: 'set', path: '', value: { a: [0, Number.NaN] } }, '0.value.a.1 is not a finite number'],
    [{ op: 'set', path: '', value: [1n] }, '0.value.0 is not JSON'],
    [{ op: 'merge', path: '', value: [] }, '0.value is not an object'],
    [{ op: 'increment', path: '', by: '1' }, '0.by is not a finite number'],
    [{ op: 'increment', path: '', by: Number.POSITIVE_INFINITY }, '0.by is not a finite number'],
    [{ op: 'increment', path: '', by: 1, max: null }, '0.max is not a finite number'],
    [{ op: 'increment', path: '', by: 1, clamp: false }, '0.clamp is not true'],
    [{ op: 'increment', path: '', by: 1, min: 2, max: 1 }, '0.min is above max'],
    [{ op: 'append', path: '', values: {} }, '0.values is not a list'],
    [{ op: 'remove', path: '', at: {} }, '0.at is not an object with index or id'],
    [{ op: 'remove', path: '', at: 1 }, '0.at is not an object with index or id'],
    [{ op: 'remove', path: '', at: { index: 1, id: 'a' } }, '0.at is not an object with index or id'],
    [{ op: 'remove', path: '', at: { index: -1 } }, '0.at.index is not an index'],
    [{ op: 'remove', path: '', at: { index: 0.5 } }, '0.at.index is not an index'],
    [{ op: 'remove', path: '', at: { id: 5 } }, '0.at.id is not a text'],
    [{ op: 'move', path: '', at: { index: 0 }, to: 'start' }, '0.to is not an index'],
    [{ op: 'move', path: '', at: { index: 0 }, to: null }, '0.to is not an object with before'],
    [{ op: 'patch', patch: {} }, '0.patch is not a list'],
    [{ op: 'patch', patch: [{ op: 'add', path: '' }] }, '0.patch.0.value is missing'],
    [{ op: 'patch', patch: [{ op: 'increment', path: '', by: 1 }] }, '0.patch.0.op is not one of add, replace'],
  ]
  test.each(wrong.map(([operation, message]) => [message, operation] as const))(
    'are refused: %s',
    (message, operation) => {
      expect(complaint(operationsSchema, [operation])).toStartWith(message)
    },
  )

  test('are a list', () => {
    for (const value of [undefined, null, {}, 'x', { length: 1, 0: ONE_OF_EACH[0] }])
      expect(complaint(operationsSchema, value)).toBe(' is not a list')
    expect(complaint(operationsSchema, [])).toBeNull()
  })

  test('are as many as the limit, those inside of patches counted', () => {
    const one = { op: 'delete', path: '/a' }
    const patch = (count: number) => ({ op: 'patch', patch: new Array(count).fill({ op: 'remove', path: '/a' }) })
    const over = ` passes the limit of operations, ${most}`
    expect(complaint(operationsSchema, new Array(most).fill(one))).toBeNull()
    expect(complaint(operationsSchema, new Array(most + 1).fill(one))).toBe(over)
    expect(complaint(operationsSchema, [one, patch(most - 1)])).toBeNull()
    expect(complaint(operationsSchema, [one, patch(most)])).toBe(over)
    expect(complaint(operationsSchema, [patch(0), ...new Array(most).fill(one)])).toBe(over)
  })

  test('lead along keys within their limits', () => {
    const to = (path: string) => complaint(operationsSchema, [{ op: 'delete', path }])
    expect(to('/a'.repeat(depth))).toBeNull()
    expect(to('/a'.repeat(depth + 1))).toBe(`0.path passes the limit of depth, ${depth}`)
    expect(to(`/@${'x'.repeat(keyChars)}`)).toBeNull()
    expect(to(`/@${'x'.repeat(keyChars + 1)}`)).toBe(`0.path passes the limit of keyChars, ${keyChars}`)
  })
})

describe('a JSON value', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
  const keyed = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))

  test('may be anything that a JSON text says', () => {
    for (const text of ['null', '0', '"\\ud800"', '[]', '{"a":[{}]}', '{"__proto__":null}', '{"toJSON":1}'])
      expect(complaint(jsonSchema, JSON.parse(text))).toBeNull()
    const value = Object.fromEntries(AWKWARD_KEYS.map((key) => [key, [key]]))
    expect(jsonSchema.parse(value)).toBe(value)
  })

  test.each([
    ['nothing', undefined, ' is missing'],
    ['a missing element', [1, undefined], '1 is missing'],
    ['a hole', new Array(1), '0 is missing'],
    ['a missing member', { a: undefined }, 'a is missing'],
    ['a date', new Date(0), ' is not JSON'],
    ['a map', { a: new Map() }, 'a is not JSON'],
    ['a function', { a: [() => 1] }, 'a.0 is not JSON'],
    ['a symbol', Symbol('a'), ' is not JSON'],
    ['infinity', Number.NEGATIVE_INFINITY, ' is not a finite number'],
  ])('is never %s', (_, value, message) => {
    expect(complaint(jsonSchema, value)).toBe(message)
  })

  test.each([
    ['depth', nested(depth), nested(depth + 1), depth],
    ['keys', keyed(keys), keyed(keys + 1), keys],
    ['listLength', new Array(listLength).fill(0), new Array(listLength + 1).fill(0), listLength],
    ['keyChars', keyed(1), { ['x'.repeat(keyChars + 1)]: 1 }, keyChars],
  ] as const)('has as many %s as the limit', (what, fits, exceeds, limit) => {
    expect(complaint(jsonSchema, fits)).toBeNull()
    expect(complaint(jsonSchema, exceeds)).toEndWith(`passes the limit of ${what}, ${limit}`)
  })

  test('is refused without running out of stack, however deep it is, and even if it has itself inside', () => {
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(complaint(jsonSchema, deep)).toContain('depth')
    const own: Record<string, unknown> = {}
    own.own = own
    expect(complaint(jsonObjectSchema, own)).toContain('depth')
  })

  test('of a dictionary is one', () => {
    expect(complaint(jsonObjectSchema, { a: 1 })).toBeNull()
    for (const value of [null, [], 'a', new Date(0)])
      expect(complaint(jsonObjectSchema, value)).toBe(' is not an object')
  })
})
