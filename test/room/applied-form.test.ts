import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { after, applied } from './applying.ts'

const l: readonly Json[] = [{ id: 'a', cells: [1, 2] }, { id: 'b' }, 'c']
const data = { d: { x: 1, y: [1] }, l }
const asApplied = (...operations: readonly Operation[]) => applied(data, ...operations).operations

describe('as applied', () => {
  test('elements are named by the index that they had', () => {
    expect(asApplied({ op: 'remove', path: '/l', at: { id: 'b' } })).toEqual([
      { op: 'remove', path: '/l', at: { index: 1 } },
    ])
    expect(asApplied({ op: 'append', path: '/l/@a/cells', values: [3] })).toEqual([
      { op: 'append', path: '/l/0/cells', values: [3], index: 2 },
    ])
    const moved = { op: 'move', path: '/l', at: { index: 0 } } as const
    expect(asApplied({ op: 'move', path: '/l', at: { id: 'a' }, to: 'end' })).toEqual([{ ...moved, to: 2 }])
    expect(asApplied({ op: 'move', path: '/l', at: { id: 'b' }, to: { before: 'a' } })).toEqual([
      { ...moved, at: { index: 1 }, to: 0 },
    ])
  })

  test('a change of a list is told from one of a dictionary', () => {
    expect(asApplied({ op: 'set', path: '/l/@b', value: 0 })).toEqual([
      { op: 'replace', path: '/l', at: { index: 1 }, value: 0 },
    ])
    expect(asApplied({ op: 'delete', path: '/l/2' })).toEqual([{ op: 'remove', path: '/l', at: { index: 2 } }])
    expect(asApplied({ op: 'delete', path: '/d/x' })).toEqual([{ op: 'delete', path: '/d/x' }])
  })

  test('conditions that held are gone, and so is what changed nothing', () => {
    const set = { op: 'set', path: '/d/x', value: 2 } as const
    expect(
      asApplied({ op: 'test', path: '/d/x', value: 1 }, { op: 'compareAndSet', path: '/d/x', expect: 1, value: 2 }),
    ).toEqual([set])
    expect(asApplied({ op: 'setIfAbsent', path: '/d/x', value: 9 }, set)).toEqual([set])
    expect(asApplied({ op: 'set', path: '/d/x', value: 1 }, { op: 'increment', path: '/d/x', by: 0 })).toEqual([])
  })

  test('a JSON Patch is what it amounts to', () => {
    expect(
      asApplied({
        op: 'patch',
        patch: [
          { op: 'test', path: '/d/x', value: 1 },
          { op: 'add', path: '/d/z', value: 1 },
          { op: 'add', path: '/l/-', value: 'd' },
          { op: 'replace', path: '/l/0', value: 0 },
          { op: 'remove', path: '/l/1' },
          { op: 'move', from: '/l/0', path: '/l/-' },
        ],
      }),
    ).toEqual([
      { op: 'set', path: '/d/z', value: 1 },
      { op: 'insert', path: '/l', at: { index: 3 }, value: 'd' },
      { op: 'replace', path: '/l', at: { index: 0 }, value: 0 },
      { op: 'remove', path: '/l', at: { index: 1 } },
      { op: 'move', path: '/l', at: { index: 0 }, to: 2 },
    ])
  })

  test('what is copied, or moves between containers, is named and not repeated', () => {
    const patch = (one: { op: 'move' | 'copy'; from: string; path: string }) => asApplied({ op: 'patch', patch: [one] })
    expect(patch({ op: 'copy', from: '/l/0', path: '/d/z' })).toEqual([
      { op: 'patch', patch: [{ op: 'copy', from: '/l/0', path: '/d/z', elements: ['from'] }] },
    ])
    expect(patch({ op: 'move', from: '/d/x', path: '/l/-' })).toEqual([
      { op: 'patch', patch: [{ op: 'move', from: '/d/x', path: '/l/3', elements: ['path'] }] },
    ])
  })

  test('it is said whether a list was lost', () => {
    const lists = (...operations: readonly Operation[]) =>
      asApplied(...operations).map((one) => 'lists' in one && one.lists)
    expect(lists({ op: 'set', path: '/d', value: 1 })).toEqual([true])
    expect(lists({ op: 'set', path: '/d/x', value: [] })).toEqual([false])
    expect(lists({ op: 'delete', path: '/d/y' }, { op: 'delete', path: '/d' })).toEqual([true, false])
    expect(lists({ op: 'merge', path: '', value: { n: 1, l: 1 } })).toEqual([true])
    expect(lists({ op: 'mergePatch', path: '', patch: { l: { n: 1 } } })).toEqual([true])
    expect(lists({ op: 'mergePatch', path: '', patch: { d: { y: null, n: 1 } } })).toEqual([false])
  })
})

describe('the data after', () => {
  test('shares with the data before whatever did not change', () => {
    const next = Object(after(data, { op: 'set', path: '/l/0/id', value: 'z' }))
    expect(next.d).toBe(data.d)
    expect(next.l[1]).toBe(data.l[1])
    expect(next.l[0].cells).toBe(Object(data.l[0]).cells)
    expect(next.l).not.toBe(data.l)
  })

  test('is the very object before if nothing changed', () => {
    expect(after(data, { op: 'set', path: '/l/2', value: 'c' }, { op: 'mergePatch', path: '', patch: {} })).toBe(data)
  })

  test('never writes to values that came in, nor to those that a copy shares', () => {
    const value = { n: [1] }
    const text = JSON.stringify(value)
    const next = after(
      {},
      { op: 'set', path: '/a', value },
      { op: 'set', path: '/b', value },
      { op: 'append', path: '/a/n', values: [2] },
      { op: 'patch', patch: [{ op: 'copy', from: '/a', path: '/c' }] },
      { op: 'append', path: '/c/n', values: [3] },
      { op: 'append', path: '/a/n', values: [4] },
      { op: 'patch', patch: [{ op: 'move', from: '/c', path: '/a/c' }] },
      { op: 'append', path: '/a/c/n', values: [5] },
    )
    expect(JSON.stringify(value)).toBe(text)
    expect(next).toEqual({ a: { n: [1, 2, 4], c: { n: [1, 2, 3, 5] } }, b: { n: [1] } })
  })

  test('of frozen data is made all the same', () => {
    const frozen = (json: Json): Json => {
      if (typeof json === 'object' && json !== null) Object.values<Json>(json).forEach(frozen)
      return Object.freeze(json)
    }
    const before = frozen({ l: [{ id: 'a', n: 1 }], d: {} })
    expect(
      after(
        before,
        { op: 'increment', path: '/l/@a/n', by: 1 },
        { op: 'insert', path: '/l', at: { index: 0 }, value: frozen([]) },
        { op: 'append', path: '/l/0', values: [1] },
        { op: 'patch', patch: [{ op: 'copy', from: '/l', path: '/d/l' }] },
        { op: 'delete', path: '/l/0' },
      ),
    ).toEqual({ l: [{ id: 'a', n: 2 }], d: { l: [[1], { id: 'a', n: 2 }] } })
  })
})
