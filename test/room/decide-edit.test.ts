import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import type { Operation } from '../../shared/room/operations.ts'
import type { Rule, RuleDetails } from '../../shared/rules.ts'
import { opened, service, user } from './memory.ts'

const edit = (...operations: Operation[]) => ({ type: 'edit', operations }) as const
const increment = (path: string, by = 1): Operation => ({ op: 'increment', path, by })

describe('edit', () => {
  test('by an occupant changes the data, and the event has the operations as they were applied', () => {
    const room = opened({ guests: ['bob'], data: { list: [{ id: 'x', n: 1 }] } })
    expect(room.send(edit({ op: 'set', path: '/list/@x/n', value: 2 }), user('bob'))).toEqual({
      events: [{ type: 'data.edited', operations: [{ op: 'set', path: '/list/0/n', value: 2 }], at: 1_000, by: 'bob' }],
      result: null,
    })
    expect(room.it).toMatchObject({ seq: 3, data: { list: [{ id: 'x', n: 2 }] } })
  })

  test('by who is not in the room is refused: strangers, who left, was kicked or banned, the owner and services too', () => {
    const room = opened({ guests: ['bob', 'cy', 'dan'] })
    room.does({ type: 'leave' }, user('ann'))
    room.does({ type: 'leave' }, user('bob'))
    room.does({ type: 'kick', user: 'cy', reason: '' }, user('ann'))
    room.does({ type: 'ban', user: 'dan', reason: '' }, user('ann'))
    const before = room.it
    for (const actor of [...['stranger', 'ann', 'bob', 'cy', 'dan'].map(user), service(), service('ann')])
      expect(room.send(edit({ op: 'set', path: '/a', value: 1 }), actor)).toEqual({ rule: 'not-occupant' })
    expect(room.state).toBe(before)
  })

  test('by a service for an occupant counts as the occupant`s', () => {
    const room = opened({ guests: ['bob'] })
    room.does(edit({ op: 'set', path: '/a', value: 1 }), service('bob'))
    expect(JSON.parse(room.log.at(-1) ?? '')).toMatchObject({ by: 'bob' })
  })

  test('is all or nothing: the operation that fails is named, and nothing of the others is done', () => {
    const room = opened({ data: { a: 1 } })
    const before = room.it
    const refused = room.send(edit(increment('/a'), increment('/a'), { op: 'test', path: '/a', value: 1 }), user('ann'))
    expect(refused).toEqual({ rule: 'test-failed', operation: 2, version: 1 })
    expect(room.state).toBe(before)
    expect(before.data).toEqual({ a: 1 })
  })

  const list = [{ id: 'x' }]
  test.each<[Rule, Operation, RuleDetails]>([
    ['path-missing', { op: 'delete', path: '/none' }, {}],
    ['test-failed', { op: 'compareAndSet', path: '/n', expect: 2, value: 3 }, {}],
    ['duplicate-id', { op: 'append', path: '/list', values: list }, {}],
    ['out-of-bounds', { op: 'increment', path: '/n', by: 9, max: 5 }, { limit: 5 }],
    ['limit-reached', { op: 'set', path: `/${'k'.repeat(257)}`, value: 1 }, { what: 'keyChars', limit: 256 }],
  ])('may be refused with %s, and the room`s version', (rule, operation, details) => {
    const room = opened({ guests: ['bob'], data: { n: 1, list } })
    expect(room.send(edit(operation), user('bob'))).toEqual({
      ...details,
      rule,
      operation: 0,
      version: 2,
    })
  })

  test('that changes nothing is accepted and noted', () => {
    const room = opened({ data: { a: 1, b: 'x' } })
    const before = room.it
    const idle: Operation[] = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'setIfAbsent', path: '/a', value: 2 },
      { op: 'set', path: '/b', value: 'x' },
    ]
    expect(room.does(edit(...idle), user('ann'))).toBe('command.noted')
    expect(room.it).toEqual({ ...before, seq: 2 })
    expect(room.it.data).toBe(before.data)
  })

  test('keeps count of the bytes of the data, whatever the keys', () => {
    const room = opened({ data: { '': 1 } })
    const keys: [string, Json][] = [
      ['__proto__', { a: 'ü' }],
      ['.', [1, 2]],
      ['$x', 'line\n'],
      ['0', null],
      ['💡', 1.5e300],
      ['constructor', []],
    ]
    for (const [key, value] of keys) room.does(edit({ op: 'set', path: `/${key}`, value }), user('ann'))
    room.does(edit({ op: 'append', path: '/.', values: [3, 'four'] }, { op: 'delete', path: '/' }), user('ann'))
    const text = '{"0":null,"__proto__":{"a":"ü"},".":[1,2,3,"four"],"$x":"line\\n","💡":1.5e+300,"constructor":[]}'
    expect(JSON.stringify(room.it.data)).toBe(text)
    expect(room.it.bytes).toBe(Buffer.byteLength(text))
  })

  test('may fill the room to its last byte, and no further; what makes the data smaller is always possible', () => {
    const { bytes } = LIMITS.room
    const room = opened({ data: { a: '' } })
    const fill = (length: number) => edit({ op: 'set', path: '/a', value: 'x'.repeat(length) })
    expect(room.does(fill(bytes - 8), user('ann'))).toBe('data.edited')
    expect(room.it.bytes).toBe(bytes)
    const over = { rule: 'limit-reached', what: 'bytes', limit: bytes, operation: 0, version: 2 } as const
    expect(room.send(fill(bytes - 7), user('ann'))).toEqual(over)
    expect(room.does(fill(bytes - 9), user('ann'))).toBe('data.edited')
  })
})

describe('the result of an edit', () => {
  test('is null where no operation has one', () => {
    expect(opened().edits({ operations: [{ op: 'set', path: '/a', value: 1 }] }, user('ann'))).toBeNull()
  })

  test('has for each increment the number that stands there after the command', () => {
    const room = opened({ data: { a: 1, list: [{ id: 'x', n: 5 }] } })
    const operations = [increment('/a', 2), increment('/list/@x/n', -1), increment('/new'), increment('/a', 10)]
    expect(room.edits({ operations }, user('ann'))).toEqual({ values: [13, 4, 1, 13] })
  })

  test('has the number at its bound where an increment stops there, though nothing changed', () => {
    const room = opened({ data: { a: 5 } })
    const operations: Operation[] = [{ op: 'increment', path: '/a', by: 3, max: 5, clamp: true }]
    expect(room.edits({ operations }, user('ann'))).toEqual({ values: [5] })
    expect(JSON.parse(room.log.at(-1) ?? '')).toMatchObject({ type: 'command.noted' })
  })

  test('has null for an increment whose number a later operation took away', () => {
    const operations: Operation[] = [increment('/a'), { op: 'delete', path: '/a' }]
    expect(opened({ data: { a: 1 } }).edits({ operations }, user('ann'))).toEqual({ values: [null] })
  })

  test('has for each setIfAbsent whether nothing stood there before: of two claims one is told that it won', () => {
    const room = opened({ guests: ['bob'] })
    const claim: Operation = { op: 'setIfAbsent', path: '/lock', value: true }
    expect(room.edits({ operations: [claim] }, user('ann'))).toEqual({ values: [true] })
    expect(room.edits({ operations: [claim] }, user('bob'))).toEqual({ values: [false] })
    const nested: Operation[] = [
      { op: 'set', path: '/made', value: {} },
      { op: 'setIfAbsent', path: '/made/here', value: 1 },
      increment('/made/here'),
      claim,
    ]
    expect(room.edits({ operations: nested }, user('bob'))).toEqual({ values: [true, 2, false] })
  })
})
