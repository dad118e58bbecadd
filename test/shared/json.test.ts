import { describe, expect, test } from 'bun:test'
import { jsonDepth } from '../../shared/json.ts'

/** The slow truth: what the parsed value nests. */
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

describe('the depth of a JSON text', () => {
  test.each([
    '1',
    '""',
    '[]',
    '{}',
    '[[]]',
    '[[],[[]]]',
    '{"a":{"b":[1,{"c":null}]}}',
    '"[[[["',
    '["[","]",["{"]]',
    '{"[":{"\\"[":[]}}',
    '["\\\\",["\\\\\\"["]]',
  ])('of %s is that of its value', (text) => {
    expect(jsonDepth(text)).toBe(depthOf(JSON.parse(text)))
  })

  test('counts what is opened, closed or not: no parser has seen it yet', () => {
    expect(jsonDepth('['.repeat(60_000))).toBe(60_000)
    expect(jsonDepth('{"a":'.repeat(1_000))).toBe(1_000)
    expect(jsonDepth(']]]][[')).toBeLessThanOrEqual(2)
  })

  test('of a text that ends inside of a string is found without hanging', () => {
    expect(jsonDepth('["abc\\')).toBe(1)
    expect(jsonDepth('"')).toBe(0)
  })
})
