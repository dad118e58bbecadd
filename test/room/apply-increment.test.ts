import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { after, applied, refusal, rule } from './applying.ts'

const plus = (path: string, by: number, bounds: { min?: number; max?: number; clamp?: true } = {}) =>
  ({ op: 'increment', path, by, ...bounds }) as const

describe('increment', () => {
  test('adds to a number, at any depth; an absent one is 0', () => {
    expect(after({ n: 5 }, plus('/n', 2))).toEqual({ n: 7 })
    expect(after({ n: 5 }, plus('/n', -7))).toEqual({ n: -2 })
    expect(after({}, plus('/n', 2))).toEqual({ n: 2 })
    expect(after({}, plus('/n', 0))).toEqual({ n: 0 })
    expect(after([[1, 2]], plus('/0/1', 2))).toEqual([[1, 4]])
    expect(after(1, plus('', 2))).toBe(3)
  })

  test('adds as JavaScript does', () => {
    expect(after({ n: 0.1 }, plus('/n', 0.2))).toEqual({ n: 0.1 + 0.2 })
    expect(after({ n: 2 ** 53 }, plus('/n', 1))).toEqual({ n: 2 ** 53 })
    expect(Object.is(after(5, plus('', -9, { min: -0, clamp: true })), 0)).toBe(true)
  })

  test('adds to numbers only', () => {
    const others: Json[] = ['text', null, true, [], {}, '5']
    for (const value of others) expect(rule({ n: value }, plus('/n', 1))).toBe('path-missing')
  })

  test('makes no dictionaries on the way, and no elements', () => {
    expect(rule({}, plus('/a/n', 1))).toBe('path-missing')
    expect(rule([1], plus('/1', 1))).toBe('path-missing')
  })

  test('stays within its bounds, which belong to it, and says which one it met', () => {
    expect(after({ n: 5 }, plus('/n', 5, { min: 0, max: 10 }))).toEqual({ n: 10 })
    expect(after({ n: 5 }, plus('/n', -5, { min: 0, max: 10 }))).toEqual({ n: 0 })
    expect(refusal({ n: 5 }, plus('/n', 6, { max: 10 }))).toEqual({ rule: 'out-of-bounds', limit: 10, operation: 0 })
    expect(refusal({ n: 5 }, plus('/n', -6, { min: 0 }))).toEqual({ rule: 'out-of-bounds', limit: 0, operation: 0 })
    expect(refusal({}, plus('/n', 1, { min: 2 }))).toEqual({ rule: 'out-of-bounds', limit: 2, operation: 0 })
  })

  test('with clamp stops at the bound', () => {
    expect(after({ n: 5 }, plus('/n', 6, { max: 10, clamp: true }))).toEqual({ n: 10 })
    expect(after({ n: 5 }, plus('/n', -99, { min: 0, clamp: true }))).toEqual({ n: 0 })
    expect(after({ n: 5 }, plus('/n', 1, { min: 0, max: 10, clamp: true }))).toEqual({ n: 6 })
    expect(applied({ n: 10 }, plus('/n', 1, { max: 10, clamp: true })).changed).toBe(false)
  })

  test('makes no infinity', () => {
    expect(refusal({ n: Number.MAX_VALUE }, plus('/n', Number.MAX_VALUE))).toEqual({
      rule: 'out-of-bounds',
      operation: 0,
    })
    expect(after({ n: Number.MAX_VALUE }, plus('/n', Number.MAX_VALUE, { max: 7, clamp: true }))).toEqual({ n: 7 })
    expect(rule({ n: -Number.MAX_VALUE }, plus('/n', -Number.MAX_VALUE, { max: 7, clamp: true }))).toBe('out-of-bounds')
  })
})
