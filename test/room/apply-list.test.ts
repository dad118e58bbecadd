import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import type { Element, Operation } from '../../shared/room/operations.ts'
import { after, applied, rule } from './applying.ts'

const list = ['a', 'b', 'c', 'd']
const rows: Json[] = [{ id: 'p', n: 1 }, { id: 'q', n: 2 }, 'plain', { id: 'r', n: 3 }]

describe('insert', () => {
  test('puts an element before another, or at the end', () => {
    expect(after(list, { op: 'insert', path: '', at: { index: 0 }, value: 'x' })).toEqual(['x', ...list])
    expect(after(list, { op: 'insert', path: '', at: { index: 2 }, value: 'x' })).toEqual(['a', 'b', 'x', 'c', 'd'])
    expect(after(list, { op: 'insert', path: '', at: { index: 4 }, value: 'x' })).toEqual([...list, 'x'])
    expect(after({ l: [] }, { op: 'insert', path: '/l', at: { index: 0 }, value: [] })).toEqual({ l: [[]] })
    expect(after(rows, { op: 'insert', path: '', at: { id: 'q' }, value: 0 })).toEqual(rows.toSpliced(1, 0, 0))
  })

  test('goes no further than the end', () => {
    expect(rule(list, { op: 'insert', path: '', at: { index: 5 }, value: 'x' })).toBe('path-missing')
    expect(rule(list, { op: 'insert', path: '', at: { index: -1 }, value: 'x' })).toBe('path-missing')
    expect(rule(list, { op: 'insert', path: '', at: { index: 0.5 }, value: 'x' })).toBe('path-missing')
  })
})

describe('append', () => {
  test('puts elements at the end, in order', () => {
    expect(after(list, { op: 'append', path: '', values: ['x', ['y']] })).toEqual([...list, 'x', ['y']])
    expect(after({ l: [] }, { op: 'append', path: '/l', values: [1] })).toEqual({ l: [1] })
    expect(applied(list, { op: 'append', path: '', values: [] }).changed).toBe(false)
  })

  test('takes ids that are new, and different from each other', () => {
    expect(after(rows, { op: 'append', path: '', values: [{ id: 's' }, { id: 't' }] })).toHaveLength(6)
    expect(rule(rows, { op: 'append', path: '', values: [{ id: 's' }, { id: 's' }] })).toBe('duplicate-id')
    expect(rule(rows, { op: 'append', path: '', values: [1, { id: 'p' }] })).toBe('duplicate-id')
  })
})

describe('remove', () => {
  test('takes an element away, by index or id', () => {
    expect(after(list, { op: 'remove', path: '', at: { index: 3 } })).toEqual(['a', 'b', 'c'])
    expect(after(rows, { op: 'remove', path: '', at: { id: 'p' } })).toEqual(rows.slice(1))
    expect(after([1], { op: 'remove', path: '', at: { index: 0 } })).toEqual([])
  })
})

describe('replace', () => {
  test('puts another value in place of an element', () => {
    expect(after(list, { op: 'replace', path: '', at: { index: 1 }, value: null })).toEqual(['a', null, 'c', 'd'])
    expect(after(rows, { op: 'replace', path: '', at: { id: 'q' }, value: 0 })).toEqual(rows.with(1, 0))
  })

  test('may keep the id of the element, and take no other one’s', () => {
    const value = { id: 'q', n: 9 }
    expect(after(rows, { op: 'replace', path: '', at: { id: 'q' }, value })).toEqual(rows.with(1, value))
    expect(rule(rows, { op: 'replace', path: '', at: { index: 0 }, value })).toBe('duplicate-id')
  })
})

describe('move', () => {
  const moved = (at: number, to: number) => after(list, { op: 'move', path: '', at: { index: at }, to })

  test('makes an element stand at an index afterwards, whichever way', () => {
    for (const [from] of list.entries())
      for (const [to] of list.entries()) {
        const rest = list.toSpliced(from, 1)
        expect(moved(from, to)).toEqual(rest.toSpliced(to, 0, list[from] ?? ''))
      }
  })

  test('makes it the last, or puts it before another', () => {
    expect(after(list, { op: 'move', path: '', at: { index: 0 }, to: 'end' })).toEqual(['b', 'c', 'd', 'a'])
    const before = (id: string, other: string): Operation => ({
      op: 'move',
      path: '',
      at: { id },
      to: { before: other },
    })
    expect(after(rows, before('r', 'p'))).toEqual([{ id: 'r', n: 3 }, ...rows.slice(0, 3)])
    expect(after(rows, before('p', 'r'))).toEqual([...rows.slice(1, 3), { id: 'p', n: 1 }, { id: 'r', n: 3 }])
    expect(applied(rows, before('p', 'p')).changed).toBe(false)
    expect(applied(rows, before('p', 'q')).changed).toBe(false)
  })

  test('goes to an index that the list has', () => {
    expect(rule(list, { op: 'move', path: '', at: { index: 0 }, to: 4 })).toBe('path-missing')
    expect(rule(list, { op: 'move', path: '', at: { index: 0 }, to: -1 })).toBe('path-missing')
    expect(rule(rows, { op: 'move', path: '', at: { index: 0 }, to: { before: 'x' } })).toBe('path-missing')
  })

  test('costs no bytes and changes nothing where the element stands already', () => {
    expect(applied(list, { op: 'move', path: '', at: { index: 0 }, to: 2 }).bytes).toBe(0)
    const done = applied(list, { op: 'move', path: '', at: { index: 2 }, to: 2 })
    expect(done.data).toBe(list)
    expect(done.changed).toBe(false)
  })
})

describe('each operation on a list', () => {
  const kinds = (path: string, at: Element): Operation[] => [
    { op: 'insert', path, at, value: 0 },
    { op: 'remove', path, at },
    { op: 'replace', path, at, value: 0 },
    { op: 'move', path, at, to: 'end' },
  ]

  test('needs a list', () => {
    const data = { d: { 0: 'x' }, n: 5, none: null }
    for (const path of ['/d', '/n', '/none', '/missing', '', '/n/x'])
      for (const operation of [...kinds(path, { index: 0 }), { op: 'append', path, values: [] } as const])
        expect(rule(data, operation)).toBe('path-missing')
  })

  test('needs the element', () => {
    for (const operation of [...kinds('', { index: 9 }), ...kinds('', { id: 'zz' })])
      expect(rule(rows, operation)).toBe('path-missing')
  })

  test('finds lists in lists, by index and id', () => {
    const other = [[3, 4]]
    const data = { rows: [{ id: 'x', cells: [1, 2] }, other] }
    const first = after(data, { op: 'remove', path: '/rows/@x/cells', at: { index: 0 } })
    expect(first).toEqual({ rows: [{ id: 'x', cells: [2] }, other] })
    const second = after(data, { op: 'append', path: '/rows/1/0', values: [5] })
    expect(second).toEqual({ rows: [{ id: 'x', cells: [1, 2] }, [[3, 4, 5]]] })
  })

  test('leaves ids unique, but the ids that a `set` of the whole list put there twice', () => {
    const twice = after({}, { op: 'set', path: '/l', value: [{ id: 'a' }, { id: 'a' }] })
    expect(after(twice, { op: 'append', path: '/l', values: [{ id: 'b' }] })).toEqual({
      l: [{ id: 'a' }, { id: 'a' }, { id: 'b' }],
    })
    expect(rule(twice, { op: 'append', path: '/l', values: [{ id: 'a' }] })).toBe('duplicate-id')
    expect(rule(rows, { op: 'insert', path: '', at: { index: 0 }, value: { id: 'r' } })).toBe('duplicate-id')
    expect(rule(rows, { op: 'patch', patch: [{ op: 'add', path: '/0', value: { id: 'r' } }] })).toBe('duplicate-id')
    expect(rule(rows, { op: 'patch', patch: [{ op: 'copy', from: '/0', path: '/-' }] })).toBe('duplicate-id')
    expect(after(rows, { op: 'patch', patch: [{ op: 'move', from: '/0', path: '/-' }] })).toEqual([
      ...rows.slice(1),
      rows[0] ?? 0,
    ])
  })
})

test('operations of one command see what those before them did', () => {
  const done = after(
    { l: [] },
    { op: 'append', path: '/l', values: [{ id: 'a' }] },
    { op: 'insert', path: '/l', at: { id: 'a' }, value: 0 },
    { op: 'set', path: '/l/1/n', value: 1 },
    { op: 'increment', path: '/l/@a/n', by: 1 },
    { op: 'move', path: '/l', at: { id: 'a' }, to: 0 },
  )
  expect(done).toEqual({ l: [{ id: 'a', n: 2 }, 0] })
})
