import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { RuleError } from '../../shared/rules.ts'
import { applied, refusal } from './applying.ts'

const { bytes, depth, keyChars, keys, listLength } = LIMITS.room
const nested = (levels: number): Json => (levels === 0 ? 1 : { a: nested(levels - 1) })
const keyed = (count: number): Json => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 0]))
const reached = (what: string, limit: number, operation = 0) => ({ rule: 'limit-reached', what, limit, operation })

describe('the depth', () => {
  const inner = '/a'.repeat(depth - 1)

  test('is that of the data, wherever a value is put', () => {
    const data = nested(depth)
    expect(refusal(data, { op: 'set', path: inner, value: {} })).toBeNull()
    expect(refusal(data, { op: 'set', path: `${inner}/b`, value: [] })).toEqual(reached('depth', depth))
    expect(refusal(data, { op: 'merge', path: inner, value: { b: [] } })).toEqual(reached('depth', depth))
    expect(refusal(data, { op: 'mergePatch', path: '', patch: { b: nested(depth) } })).toEqual(reached('depth', depth))
    expect(refusal([[]], { op: 'append', path: '/0', values: [nested(depth - 1)] })).toEqual(reached('depth', depth))
    expect(refusal([[]], { op: 'append', path: '/0', values: [nested(depth - 2)] })).toBeNull()
  })

  test('holds for what is moved and copied', () => {
    const data = { deep: nested(depth - 1), b: {} }
    for (const op of ['move', 'copy'] as const) {
      expect(refusal(data, { op: 'patch', patch: [{ op, from: '/deep', path: '/b/x' }] })).toEqual(
        reached('depth', depth),
      )
      expect(refusal(data, { op: 'patch', patch: [{ op, from: '/deep', path: '/b' }] })).toBeNull()
    }
  })
})

describe('the keys of a dictionary', () => {
  test('are counted whichever way they come', () => {
    const full = { d: keyed(keys) }
    const more: Operation[] = [
      { op: 'set', path: '/d/new', value: 1 },
      { op: 'setIfAbsent', path: '/d/new', value: 1 },
      { op: 'compareAndSet', path: '/d/new', value: 1 },
      { op: 'increment', path: '/d/new', by: 1 },
      { op: 'merge', path: '/d', value: { k1: 1, new: 1 } },
      { op: 'mergePatch', path: '/d', patch: { k1: 1, new: 1 } },
      { op: 'patch', patch: [{ op: 'add', path: '/d/new', value: 1 }] },
      { op: 'patch', patch: [{ op: 'copy', from: '/d/k1', path: '/d/new' }] },
    ]
    for (const operation of more) expect(refusal(full, operation)).toEqual(reached('keys', keys))
    expect(refusal(full, { op: 'set', path: '/d/k1', value: 1 })).toBeNull()
    expect(refusal(full, { op: 'delete', path: '/d/k1' }, { op: 'set', path: '/d/new', value: 1 })).toBeNull()
    expect(refusal({}, { op: 'set', path: '/d', value: keyed(keys + 1) })).toEqual(reached('keys', keys))
  })

  test('have a longest name', () => {
    const [fits, exceeds] = ['x'.repeat(keyChars), 'x'.repeat(keyChars + 1)]
    expect(refusal({}, { op: 'set', path: `/${fits}`, value: 1 })).toBeNull()
    expect(refusal({}, { op: 'set', path: `/${exceeds}`, value: 1 })).toEqual(reached('keyChars', keyChars))
    expect(refusal({}, { op: 'merge', path: '', value: { [exceeds]: 1 } })).toEqual(reached('keyChars', keyChars))
    expect(refusal([], { op: 'append', path: '', values: [{ [exceeds]: 1 }] })).toEqual(reached('keyChars', keyChars))
  })
})

test('the length of a list is counted whichever way elements come', () => {
  const full = { l: new Array(listLength).fill(0), n: 1 }
  const more: Operation[] = [
    { op: 'insert', path: '/l', at: { index: 5 }, value: 1 },
    { op: 'append', path: '/l', values: [1] },
    { op: 'patch', patch: [{ op: 'add', path: '/l/-', value: 1 }] },
    { op: 'patch', patch: [{ op: 'move', from: '/n', path: '/l/0' }] },
  ]
  for (const operation of more) expect(refusal(full, operation)).toEqual(reached('listLength', listLength))
  expect(
    refusal(full, { op: 'remove', path: '/l', at: { index: 0 } }, { op: 'append', path: '/l', values: [1] }),
  ).toBeNull()
})

describe('the bytes of a room', () => {
  const half = 'x'.repeat(bytes / 2)

  test('hold after each operation that adds any', () => {
    const over = refusal({ a: half }, { op: 'set', path: '/n', value: 1 }, { op: 'set', path: '/b', value: half })
    expect(over).toEqual(reached('bytes', bytes, 1))
    expect(refusal({ a: half }, { op: 'delete', path: '/a' }, { op: 'set', path: '/b', value: half })).toBeNull()
  })

  test('are met exactly', () => {
    const text = 'x'.repeat(bytes - '{"a":""}'.length)
    expect(refusal({}, { op: 'set', path: '/a', value: text })).toBeNull()
    expect(refusal({}, { op: 'set', path: '/a', value: `${text}x` })).toEqual(reached('bytes', bytes))
  })

  test('do not keep a room that is too large from shrinking', () => {
    const data = { a: half, b: half, c: 'more' }
    expect(refusal(data, { op: 'set', path: '/c', value: '' })).toBeNull()
  })

  test('stop a JSON Patch that doubles what it copies', () => {
    const data = { a: ['x'.repeat(1_000)] }
    const started = performance.now()
    const wide = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '', path: `/b${i}` }) as const)
    expect(refusal(data, { op: 'patch', patch: wide })).toEqual(reached('bytes', bytes))
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('bound what a command copies altogether, even onto the same place', () => {
    const data = { a: Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`key${i}`, [i]])) }
    const patch = Array.from({ length: 256 }, () => ({ op: 'copy', from: '/a', path: '/b' }) as const)
    expect(refusal(data, { op: 'patch', patch })).toEqual(reached('bytes', bytes))
    expect(refusal(data, { op: 'patch', patch: patch.slice(0, 2) })).toBeNull()
  })
})

test('without the room’s bytes no limit is looked at: what was decided folds after a limit was lowered', () => {
  const data = { l: new Array(listLength).fill(0) }
  const done = applyOperations(data, [{ op: 'append', path: '/l', values: [1, 2] }])
  expect(done).not.toBeInstanceOf(RuleError)
})

test('many operations on a large dictionary or list cost one copy of it', () => {
  const data = { d: keyed(keys - 300), l: new Array(listLength - 300).fill(0) }
  const operations = Array.from({ length: 128 }, (_, i): Operation[] => [
    { op: 'set', path: `/d/new${i}`, value: i },
    { op: 'insert', path: '/l', at: { index: 0 }, value: i },
  ]).flat()
  applied(data, ...operations)
  const started = performance.now()
  for (let i = 0; i < 10; i++) applyOperations(data, operations, { bytes: 1 })
  // 256 copies of 8,000 keys each time would take seconds.
  expect(performance.now() - started).toBeLessThan(1_000)
})
