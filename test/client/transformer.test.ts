import { describe, expect, test } from 'bun:test'
import superjson from 'superjson'
import { transformer } from '../../client/transformer.ts'

const { serialize, deserialize } = transformer.input
/** There and back, by way of text. */
const sent = (value: unknown) => deserialize(JSON.parse(JSON.stringify(serialize(value))))

describe('the transformer', () => {
  test('carries plain JSON untouched, keys that superjson refuses among it', () => {
    const text = '{"__proto__":{"a":1},"constructor":[{"prototype":null}],"":0}'
    expect(() => superjson.serialize(JSON.parse(text))).toThrow()
    expect(JSON.stringify(sent(JSON.parse(text)))).toBe(text)
    expect(serialize([1])).toEqual({ json: [1] })
  })

  test('carries everything else as superjson does', () => {
    for (const value of [{ at: new Date(5) }, [undefined, 1], new Map([[1, new Set(['a'])]]), 10n, undefined]) {
      expect(serialize(value)).toEqual(superjson.serialize(value))
      expect(sent(value)).toEqual(value)
    }
  })

  test('reads what superjson wrote, and superjson reads what it wrote', () => {
    const values = [
      { a: [1, null, 'x'], b: undefined },
      { at: new Date(5), list: [] },
    ]
    for (const value of values) {
      expect(deserialize(JSON.parse(JSON.stringify(superjson.serialize(value))))).toEqual(value)
      expect(superjson.deserialize(JSON.parse(JSON.stringify(serialize(value))))).toEqual(value)
    }
  })
})
