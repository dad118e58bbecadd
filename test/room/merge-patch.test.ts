import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { after, applied, rule } from './applying.ts'

describe('a merge patch', () => {
  /** RFC 7396, appendix A. */
  const table: readonly (readonly [original: Json, patch: Json, result: Json])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]

  test.each(
    table.map(
      ([original, patch, result]) =>
        [JSON.stringify(patch), JSON.stringify(original), { original, patch, result }] as const,
    ),
  )('%s on %s is as in the table of RFC 7396', (_, __, { original, patch, result }) => {
    expect(after(original, { op: 'mergePatch', path: '', patch })).toEqual(result)
    expect(after({ in: [original] }, { op: 'mergePatch', path: '/in/0', patch })).toEqual({ in: [result] })
  })

  test('the example of its section 3', () => {
    const original = {
      title: 'Goodbye!',
      author: { givenName: 'John', familyName: 'Doe' },
      tags: ['example', 'sample'],
      content: 'This will be unchanged',
    }
    const patch = { title: 'Hello!', phoneNumber: '+01-123-456-7890', author: { familyName: null }, tags: ['example'] }
    expect(after(original, { op: 'mergePatch', path: '', patch })).toEqual({
      title: 'Hello!',
      author: { givenName: 'John' },
      tags: ['example'],
      content: 'This will be unchanged',
      phoneNumber: '+01-123-456-7890',
    })
  })

  test('makes the key that it is for, in a dictionary that is there', () => {
    expect(after({}, { op: 'mergePatch', path: '/a', patch: { b: 1, c: null } })).toEqual({ a: { b: 1 } })
    expect(rule({}, { op: 'mergePatch', path: '/a/b', patch: {} })).toBe('path-missing')
    expect(rule([], { op: 'mergePatch', path: '/0', patch: {} })).toBe('path-missing')
  })

  test('keeps nulls in lists, which it does not look into', () => {
    expect(after({}, { op: 'mergePatch', path: '', patch: { a: [null, { b: null }] } })).toEqual({
      a: [null, { b: null }],
    })
  })

  test('that changes nothing is none', () => {
    const data = { a: 1, b: { c: 2 } }
    const done = applied(data, { op: 'mergePatch', path: '', patch: { a: 1, b: { c: 2, d: null }, e: null } })
    expect(done.changed).toBe(false)
    expect(done.data).toBe(data)
  })

  test('leaves what it does not name as it is, the very object', () => {
    const data = { a: { deep: [1] }, b: { c: 1, kept: {} } }
    const { data: next } = applied(data, { op: 'mergePatch', path: '', patch: { b: { c: 2 } } })
    expect(next).toEqual({ a: { deep: [1] }, b: { c: 2, kept: {} } })
    expect(Object(next).a).toBe(data.a)
    expect(Object(next).b.kept).toBe(data.b.kept)
  })
})
