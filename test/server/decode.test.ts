import { describe, expect, test } from 'bun:test'
import superjson from 'superjson'
import { decodeInput } from '../../server/decode.ts'

/** What a client sends, as the server's JSON.parse gives it. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(superjson.serialize(value)))

describe('an input that superjson wrote', () => {
  const at = new Date('2026-11-21T10:00:00.123Z')
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['plain JSON', { a: [1, 'x', true, null, { b: {} }] }],
    ['a Date at the top', at],
    ['Dates and undefined, deep', { a: [{ at }, undefined, at], b: { c: { d: undefined } } }],
    ['keys with dots and backslashes', { 'a.b': { 'c\\d': at, 'e\\.f': undefined, '': at } }],
    ['the same object twice', [at, at].map((date) => ({ list: [{ date }] }))],
  ])('is read: %s', (_, value) => {
    expect(decodeInput(sent(value))).toEqual(value)
  })

  test('is read where one object stands in two places, as two equal ones', () => {
    const shared = { candidate: 'c', at }
    expect(decodeInput(sent({ list: [shared, shared] }))).toEqual({ list: [shared, shared] })
  })

  test.each([
    ['a bigint', 1n],
    ['a Map', new Map()],
    ['a Set', new Set([1])],
    ['a RegExp', /x/],
    ['an Error', new Error('x')],
    ['a URL', new URL('http://x')],
    ['NaN', Number.NaN],
    ['a typed array', new Uint8Array(1)],
  ])('is refused when it holds %s: no procedure takes one', (_, value) => {
    expect(() => decodeInput(sent({ value }))).toThrow(expect.objectContaining({ rule: 'bad-request' }))
  })
})

describe('what superjson did not write', () => {
  test.each([
    ['no envelope', 7],
    ['null', null],
    ['an annotation of nothing', { json: {}, meta: { values: { a: ['undefined'] } } }],
    ['an index past the array', { json: { a: [] }, meta: { values: { 'a.4000000000': ['undefined'] } } }],
    ['an inherited property', { json: {}, meta: { values: { 'constructor.name': ['undefined'] } } }],
    ['__proto__', { json: {}, meta: { values: { '__proto__.polluted': ['undefined'] } } }],
    ['a Date of a number', { json: 1, meta: { values: ['Date'] } }],
    ['children below a leaf', { json: { a: '' }, meta: { values: [['undefined'], { a: ['Date'] }] } }],
    ['annotations that are text', { json: {}, meta: { values: 'x' } }],
  ])('is bad-request: %s', (_, payload) => {
    expect(() => decodeInput(payload)).toThrow(expect.objectContaining({ rule: 'bad-request' }))
  })

  test('cannot make cycles: references are not followed', () => {
    const payload = { json: { a: { b: 1 } }, meta: { referentialEqualities: { a: ['a.b'] } } }
    expect(decodeInput(payload)).toEqual({ a: { b: 1 } })
  })
})
