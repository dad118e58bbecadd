import { describe, expect, test } from 'bun:test'
import { isPlainJson } from '../../shared/json.ts'

const cycle = () => {
  const list: unknown[] = []
  list.push({ list })
  return list
}
const deep = (depth: number) => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value }
  return value
}
/** Shared references: 2 to the power of `depth` parts, when each is looked at as often as it is reached. */
const shared = (depth: number) => {
  let value: unknown = []
  for (let i = 0; i < depth; i++) value = [value, value]
  return value
}

describe('isPlainJson', () => {
  const plain: [string, unknown][] = [
    ['null', null],
    ['a text', 'text'],
    ['numbers', [0, -0, 1.5, 1e308, Number.MIN_VALUE]],
    ['own __proto__ and constructor keys', JSON.parse('{"__proto__":{"constructor":1},"toJSON":"x"}')],
    ['an object without a prototype', Object.create(null)],
    ['a field that is undefined, which JSON leaves out', { a: undefined, b: 1 }],
    ['a value that nests 100,000 deep', deep(100_000)],
  ]
  test.each(plain)('takes %s', (_, value) => expect(isPlainJson(value)).toBe(true))

  const special: [string, unknown][] = [
    ['undefined itself, and in a list', undefined],
    ['undefined in a list', [1, undefined]],
    ['a hole in a list', Object.assign([], { length: 2 })],
    ['a Date', { at: new Date() }],
    ['a Map', new Map()],
    ['a Set deep inside', [[{ a: new Set() }]]],
    ['a bigint', 1n],
    ['NaN and the infinities', [Number.NaN, Number.POSITIVE_INFINITY]],
    ['a symbol', Symbol('s')],
    ['a function, also as a toJSON', { toJSON: () => 1 }],
    ['an instance of a class', new (class Point {})()],
    ['a typed array', new Uint8Array(2)],
    ['a cycle', cycle()],
    ['a tree of shared references with 2^40 leaves', shared(40)],
  ]
  test.each(special)('leaves to superjson: %s', (_, value) => expect(isPlainJson(value)).toBe(false))

  test('gives a cycle and a huge list of holes up in time', () => {
    const began = performance.now()
    isPlainJson(cycle())
    isPlainJson(shared(60))
    isPlainJson(Object.assign([], { length: 4_000_000_000 }))
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
