import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import { excessOf, jsonBytes, jsonNesting, textBytes } from '../../shared/room/measure.ts'
import { AWKWARD_KEYS, Random, randomJson } from './random.ts'

const bytesOf = (value: Json) => Buffer.byteLength(JSON.stringify(value))

describe('the bytes of JSON', () => {
  test('are counted right for each UTF-16 unit, alone and beside others', () => {
    for (let unit = 0; unit < 0x1_0000; unit++) {
      const text = String.fromCharCode(unit)
      if (textBytes(text) !== bytesOf(text)) throw new Error(`U+${unit.toString(16)}`)
      const between = `a${text}\u{1f600}`
      if (textBytes(between) !== bytesOf(between)) throw new Error(`U+${unit.toString(16)} between`)
    }
  })

  test.each([
    '😀',
    '\ud83d',
    '\ude00',
    '\ude00\ud83d',
    '\ud83d\ud83d\ude00',
    '\ud83da',
    'a\ude00',
    '\udbff\udfff',
    '\ud800\udc00',
  ])('are counted right for the surrogates of %j', (text) => {
    expect(textBytes(text)).toBe(bytesOf(text))
  })

  test.each([0, -0, 1, -1, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 123456789012345680000, 2 ** 53])(
    'are counted right for the number %p',
    (number) => {
      expect(jsonBytes(number)).toBe(bytesOf(number))
    },
  )

  test('are counted right for values of all shapes', () => {
    const random = new Random(7)
    for (let i = 0; i < 5_000; i++) {
      const value = randomJson(random, 5)
      expect(jsonBytes(value)).toBe(bytesOf(value))
    }
    const plain: Json[] = [[], {}, [[]], [{}], { a: [] }, null, true, false, '']
    for (const value of plain) expect(jsonBytes(value)).toBe(bytesOf(value))
    const keys = Object.fromEntries(AWKWARD_KEYS.map((key) => [key, key]))
    expect(jsonBytes(keys)).toBe(bytesOf(keys))
  })
})

const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)])
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))

test('nesting is counted in containers', () => {
  const values: Json[] = [1, [], {}, [[]], { a: [{ b: null }] }, [[], [[]]]]
  expect(values.map(jsonNesting)).toEqual([0, 1, 1, 2, 3, 3])
})

describe('the limits of a value', () => {
  const { depth, keys: most, keyChars, listLength } = LIMITS.room

  test.each([
    ['depth', nested(depth), nested(depth + 1), depth],
    ['keys', keys(most), keys(most + 1), most],
    ['listLength', new Array(listLength).fill(0), new Array(listLength + 1).fill(0), listLength],
    ['keyChars', { ['x'.repeat(keyChars)]: 1 }, { ['x'.repeat(keyChars + 1)]: 1 }, keyChars],
  ] as const)('%s: as many are in, one more is out, at the top and inside', (what, fits, exceeds, limit) => {
    expect(excessOf(fits)).toBeNull()
    expect(excessOf(exceeds)).toEqual({ what, limit })
    expect(excessOf([{ a: exceeds }])).toEqual({ what, limit })
  })

  test('the depth counts what the value stands in', () => {
    expect(excessOf(nested(2), depth - 2)).toBeNull()
    expect(excessOf(nested(3), depth - 2)).toEqual({ what: 'depth', limit: depth })
    expect(excessOf('text', depth + 1)).toBeNull()
  })

  test('a value of any depth is looked at without running out of stack', () => {
    let deep: Json = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(excessOf(deep)).toEqual({ what: 'depth', limit: depth })
  })
})
