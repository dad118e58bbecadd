import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { applyOperations } from '../../shared/room/apply.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { formatPointer } from '../../shared/room/pointer.ts'
import { RuleError } from '../../shared/rules.ts'
import { after, applied, rule } from './applying.ts'
import { AWKWARD_KEYS } from './random.ts'

/** A dictionary with one key, made as JSON.parse makes it. */
const only = (key: string, value: Json): Json => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`)
const text = (value: Json) => JSON.stringify(value)

describe.each(AWKWARD_KEYS.map((key) => [JSON.stringify(key), key] as const))('the key %s', (_, key) => {
  const path = formatPointer([key])
  const inner = formatPointer([key, key])

  test('comes and goes by each operation on keys, and nothing else does', () => {
    for (const value of [1, null, [], only(key, 1)]) {
      const there = only(key, value)
      expect(text(after({}, { op: 'set', path, value }))).toBe(text(there))
      expect(text(after({}, { op: 'setIfAbsent', path, value }))).toBe(text(there))
      expect(text(after({}, { op: 'compareAndSet', path, value }))).toBe(text(there))
      expect(text(after(only(key, 'old'), { op: 'compareAndSet', path, expect: 'old', value }))).toBe(text(there))
      expect(text(after({}, { op: 'patch', patch: [{ op: 'add', path, value }] }))).toBe(text(there))
      expect(text(after(there, { op: 'delete', path }))).toBe('{}')
      expect(
        text(after(there, { op: 'mergePatch', path: '', patch: JSON.parse(`{${JSON.stringify(key)}:null}`) })),
      ).toBe('{}')
      expect(after(there, { op: 'test', path, value })).toBe(there)
    }
  })

  test('comes in merged dictionaries', () => {
    const value = { ...Object.fromEntries([[key, 1]]) }
    expect(text(after({}, { op: 'merge', path: '', value }))).toBe(text(only(key, 1)))
    expect(text(after({}, { op: 'mergePatch', path: '', patch: value }))).toBe(text(only(key, 1)))
    expect(text(after(only(key, only(key, 0)), { op: 'mergePatch', path, patch: value }))).toBe(
      text(only(key, only(key, 1))),
    )
  })

  test('is absent unless it is the dictionary’s own', () => {
    expect(rule({}, { op: 'delete', path })).toBe('path-missing')
    expect(rule({}, { op: 'set', path: inner, value: 1 })).toBe('path-missing')
    expect(rule({}, { op: 'test', path, value: {} })).toBe('test-failed')
    expect(after({}, { op: 'increment', path, by: 2 })).toEqual(only(key, 2))
  })

  test('leads further, moves and is copied', () => {
    const data = only(key, only(key, { n: 1 }))
    const moved = after(data, { op: 'patch', patch: [{ op: 'move', from: inner, path: '/moved' }] })
    expect(text(moved)).toBe(
      text(after({ ...Object.fromEntries([[key, {}]]) }, { op: 'set', path: '/moved', value: { n: 1 } })),
    )
    const copied = after({ a: 1 }, { op: 'patch', patch: [{ op: 'copy', from: '/a', path }] })
    expect(Object.hasOwn(Object(copied), key)).toBe(true)
    expect(text(after(data, { op: 'increment', path: `${inner}/n`, by: 1 }))).toBe(text(only(key, only(key, { n: 2 }))))
  })

  test('survives a fold of what was applied', () => {
    const operations: Operation[] = [
      { op: 'set', path, value: [] },
      { op: 'append', path, values: [only(key, 1)] },
      { op: 'set', path: formatPointer([key, 0, key]), value: 2 },
    ]
    const done = applied({}, ...operations)
    const folded = applyOperations({}, JSON.parse(JSON.stringify(done.operations)))
    expect(folded instanceof RuleError ? folded.rule : text(folded.data)).toBe(text(done.data))
  })
})

test('no operation reaches a prototype', () => {
  const data = after({}, { op: 'set', path: '/__proto__', value: { polluted: true } })
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
  expect(Object.keys({})).toEqual([])
  expect('polluted' in {}).toBe(false)
  expect(rule({}, { op: 'set', path: '/constructor/prototype', value: 1 })).toBe('path-missing')
})

test('a known key keeps its place, a new one comes last', () => {
  const data = { b: 1, a: 2, c: 3 }
  expect(text(after(data, { op: 'set', path: '/a', value: 9 }))).toBe('{"b":1,"a":9,"c":3}')
  expect(text(after(data, { op: 'set', path: '/0a', value: 9 }))).toBe('{"b":1,"a":2,"c":3,"0a":9}')
  expect(text(after(data, { op: 'merge', path: '', value: { c: 0, d: 1 } }))).toBe('{"b":1,"a":2,"c":0,"d":1}')
})
