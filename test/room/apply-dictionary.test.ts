import { describe, expect, test } from 'bun:test'
import { after, applied, refusal, rule } from './applying.ts'

const data = { a: 1, d: { x: 'one', y: [1, 2, 3] }, none: null }

describe('set', () => {
  test('puts a value at a key, new or known, at any depth', () => {
    expect(after(data, { op: 'set', path: '/a', value: [2] })).toEqual({ ...data, a: [2] })
    expect(after(data, { op: 'set', path: '/d/z', value: null })).toEqual({ ...data, d: { ...data.d, z: null } })
  })

  test('replaces an element of a list, by index or id', () => {
    expect(after(data, { op: 'set', path: '/d/y/1', value: 'b' })).toEqual({
      ...data,
      d: { ...data.d, y: [1, 'b', 3] },
    })
    expect(after([{ id: 'q', n: 1 }], { op: 'set', path: '/@q', value: 7 })).toEqual([7])
  })

  test('of the root replaces all data, by a value of any kind', () => {
    for (const value of [7, null, [], 'text', { b: {} }])
      expect(after(data, { op: 'set', path: '', value })).toEqual(value)
    expect(after(5, { op: 'set', path: '', value: data })).toEqual(data)
  })

  test('makes no dictionaries on the way, and appends to no list', () => {
    expect(rule(data, { op: 'set', path: '/b/c', value: 1 })).toBe('path-missing')
    expect(rule(data, { op: 'set', path: '/none/c', value: 1 })).toBe('path-missing')
    expect(rule(data, { op: 'set', path: '/d/x/0', value: 1 })).toBe('path-missing')
    expect(rule(data, { op: 'set', path: '/d/y/3', value: 1 })).toBe('path-missing')
    expect(rule(data, { op: 'set', path: '/d/y/-', value: 1 })).toBe('path-missing')
  })

  test('of an element keeps the ids of its list unique', () => {
    const list = [{ id: 'a' }, { id: 'b' }]
    expect(rule(list, { op: 'set', path: '/0', value: { id: 'b' } })).toBe('duplicate-id')
    expect(after(list, { op: 'set', path: '/0', value: { id: 'a', n: 1 } })).toEqual([{ id: 'a', n: 1 }, { id: 'b' }])
  })
})

describe('setIfAbsent', () => {
  test('puts a value only where nothing stands: null is something', () => {
    expect(after(data, { op: 'setIfAbsent', path: '/b', value: 1 })).toEqual({ ...data, b: 1 })
    for (const path of ['/a', '/none', '/d/y/0', '']) {
      const done = applied(data, { op: 'setIfAbsent', path, value: 'never' })
      expect(done).toEqual({ data, bytes: 0, operations: [], changed: false })
      expect(done.data).toBe(data)
    }
  })

  test('needs the dictionary that it puts into', () => {
    expect(rule(data, { op: 'setIfAbsent', path: '/b/c', value: 1 })).toBe('path-missing')
    expect(rule(data, { op: 'setIfAbsent', path: '/d/y/3', value: 1 })).toBe('path-missing')
  })
})

describe('compareAndSet', () => {
  test('puts a value where the expected one stands, whatever the order of its keys', () => {
    expect(
      after({ c: { p: 1, q: [2] } }, { op: 'compareAndSet', path: '/c', expect: { q: [2], p: 1 }, value: 0 }),
    ).toEqual({ c: 0 })
    expect(after(data, { op: 'compareAndSet', path: '/none', expect: null, value: 0 })).toEqual({ ...data, none: 0 })
  })

  test('without an expectation wants nothing to stand there', () => {
    expect(after(data, { op: 'compareAndSet', path: '/b', value: 1 })).toEqual({ ...data, b: 1 })
    expect(rule(data, { op: 'compareAndSet', path: '/none', value: 1 })).toBe('test-failed')
  })

  test('fails on any other value, and where nothing stands', () => {
    for (const expected of [2, '1', null, [1], {}])
      expect(rule(data, { op: 'compareAndSet', path: '/a', expect: expected, value: 0 })).toBe('test-failed')
    expect(rule(data, { op: 'compareAndSet', path: '/b', expect: null, value: 0 })).toBe('test-failed')
    expect(rule(data, { op: 'compareAndSet', path: '/b/c', value: 0 })).toBe('path-missing')
  })
})

describe('merge', () => {
  test('puts each key, as it is: null and dictionaries are values', () => {
    expect(after(data, { op: 'merge', path: '', value: { a: null, d: {}, n: 1 } })).toEqual({
      ...data,
      a: null,
      d: {},
      n: 1,
    })
    expect(applied(data, { op: 'merge', path: '/d', value: {} }).changed).toBe(false)
  })

  test('goes into a dictionary only', () => {
    for (const path of ['/a', '/none', '/d/y', '/b'])
      expect(rule(data, { op: 'merge', path, value: {} })).toBe('path-missing')
  })
})

describe('delete', () => {
  test('takes a key away, or an element', () => {
    expect(after(data, { op: 'delete', path: '/d' })).toEqual({ a: 1, none: null })
    expect(after(data, { op: 'delete', path: '/none' })).toEqual({ a: 1, d: data.d })
    expect(after(data, { op: 'delete', path: '/d/y/0' })).toEqual({ ...data, d: { x: 'one', y: [2, 3] } })
    expect(after([{ id: 'a' }, 2], { op: 'delete', path: '/@a' })).toEqual([2])
  })

  test('needs something there, and leaves the root', () => {
    for (const path of ['/b', '/a/b', '/d/y/3', '/d/y/-', ''])
      expect(rule(data, { op: 'delete', path })).toBe('path-missing')
  })
})

describe('test', () => {
  test('holds where an equal value stands, and changes nothing', () => {
    const done = applied(data, { op: 'test', path: '/d', value: { y: [1, 2, 3], x: 'one' } })
    expect(done.data).toBe(data)
    expect(done.operations).toEqual([])
  })

  test.each([
    ['/a', 2],
    ['/a', '1'],
    ['/none', 0],
    ['/none', {}],
    ['/d/y', [1, 2]],
    ['/d/y', [3, 2, 1]],
    ['/d/y', { 0: 1, 1: 2, 2: 3 }],
    ['/d', { x: 'one' }],
    ['/d', { x: 'one', y: [1, 2, 3], z: null }],
    ['/b', null],
    ['/b/c', null],
    ['/a/b', null],
    ['/d/y/3', null],
  ] as const)('of %p fails for %j', (path, value) => {
    expect(rule(data, { op: 'test', path, value })).toBe('test-failed')
  })
})

test('a command is done as a whole or not at all, and says which of its operations failed', () => {
  const operations = [
    { op: 'set', path: '/a', value: 2 },
    { op: 'test', path: '/a', value: 2 },
    { op: 'delete', path: '/missing' },
    { op: 'set', path: '/b', value: 3 },
  ] as const
  expect(refusal(data, ...operations)).toEqual({ rule: 'path-missing', operation: 2 })
  expect(after(data, ...operations.slice(0, 2))).toEqual({ ...data, a: 2 })
})
