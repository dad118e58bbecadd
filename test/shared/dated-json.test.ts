import { describe, expect, test } from 'bun:test'
import superjson from 'superjson'
import { datesOf } from '../../shared/dated-json.ts'

/** One of its own each: superjson notes what is the same object. */
const date = () => new Date(1_790_000_000_000)
const cycle = () => {
  const list: unknown[] = [date()]
  list.push(list)
  return list
}

describe('datesOf', () => {
  test.each([
    ['one date', { at: date() }],
    ['dates in lists in objects', { list: [{ at: date() }, { at: date(), more: [date()] }], text: 'x', none: null }],
    ['keys with dots and backslashes', { 'a.b': { 'c\\d': date(), 'e\\.f': [date()] } }],
    ['a field that is undefined is left out', { at: date(), gone: undefined }],
  ])('says what superjson says: %s', (_, value) => {
    const { gone: _gone, ...shown } = { gone: undefined, ...value }
    const { json, meta } = superjson.serialize(shown)
    expect<unknown>(datesOf(value)).toEqual(meta)
    expect(JSON.parse(JSON.stringify(value))).toEqual(json)
  })

  test('lets keys pass that superjson refuses', () => {
    const value = { at: date(), rows: JSON.parse('[{"constructor":1,"prototype":{"x":1},"__proto__":{"y":1}}]') }
    expect(() => superjson.serialize(value)).toThrow()
    expect(datesOf(value)).toEqual({ values: { at: ['Date'] }, v: 1 })
  })

  test.each([
    ['a date alone', date()],
    ['undefined in a list', { at: date(), list: [undefined] }],
    ['a hole in a list', { at: date(), list: Object.assign([], { length: 2 }) }],
    ['a Map', { at: date(), map: new Map() }],
    ['a bigint', { at: date(), big: 1n }],
    ['NaN', { at: date(), none: Number.NaN }],
    ['a cycle', cycle()],
  ])('leaves to superjson: %s', (_, value) => expect(datesOf(value)).toBeNull())
})
