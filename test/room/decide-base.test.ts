import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { type MemoryRoom, opened, user } from './memory.ts'

const ann = user('ann')
const bob = user('bob')
const set = (path: string, value: number): Operation => ({ op: 'set', path, value })
const removeAt = (index: number): Operation => ({ op: 'remove', path: '/list', at: { index } })
const replaceAt = (index: number, value: string): Operation => ({ op: 'replace', path: '/list', at: { index }, value })
const shared = () => opened({ guests: ['bob'], data: { n: 0, list: ['a', 'b', 'c', 'd'] } })
const listOf = (room: MemoryRoom) =>
  room.it.data instanceof Object && 'list' in room.it.data ? room.it.data.list : null

describe('ifVersion', () => {
  test('lets an edit through on that very version only', () => {
    const room = shared()
    expect(room.edits({ operations: [set('/n', 1)], ifVersion: 2 }, ann)).toBeNull()
    const late = { type: 'edit', operations: [set('/n', 2)], ifVersion: 2 } as const
    expect(room.send(late, bob)).toEqual({ rule: 'version-conflict', version: 3 })
    expect(room.send({ ...late, ifVersion: 4 }, bob)).toEqual({ rule: 'version-conflict', version: 3 })
    expect(room.it.data).toMatchObject({ n: 1 })
  })

  test('is refused after A -> B -> A as well: a version is no hash', () => {
    const room = shared()
    room.edits({ operations: [set('/n', 1)] }, ann)
    room.edits({ operations: [set('/n', 0)] }, ann)
    const late = { type: 'edit', operations: [set('/n', 2)], ifVersion: 2 } as const
    expect(room.send(late, bob)).toEqual({ rule: 'version-conflict', version: 4 })
  })

  test('counts whatever is in the log, a second join too', () => {
    const room = shared()
    room.does({ type: 'join' }, bob)
    const late = { type: 'edit', operations: [set('/n', 2)], ifVersion: 2 } as const
    expect(room.send(late, bob)).toEqual({ rule: 'version-conflict', version: 3 })
  })
})

describe('base', () => {
  test('of the future is a version-conflict', () => {
    const command = { type: 'edit', operations: [set('/n', 2)], base: 3 } as const
    expect(shared().send(command, bob)).toEqual({ rule: 'version-conflict', version: 2 })
  })

  test('carries an index to where the element is now', () => {
    const room = shared()
    room.edits({ operations: [removeAt(0)] }, ann)
    room.edits({ operations: [replaceAt(2, 'D')], base: 2 }, bob)
    expect(listOf(room)).toEqual(['b', 'D', 'd'])
  })

  test('of the newest version, or none, takes indices as they are', () => {
    const room = shared()
    room.edits({ operations: [removeAt(0)] }, ann)
    room.edits({ operations: [replaceAt(2, 'D')], base: 3 }, bob)
    room.edits({ operations: [replaceAt(0, 'B')] }, bob)
    expect(listOf(room)).toEqual(['B', 'c', 'D'])
  })

  test('refuses an index whose element has gone: rather that than another element', () => {
    const room = shared()
    room.edits({ operations: [removeAt(1)] }, ann)
    const command = { type: 'edit', operations: [set('/n', 5), removeAt(1)], base: 2 } as const
    expect(room.send(command, bob)).toEqual({ rule: 'stale-index', operation: 1, version: 3 })
    expect(room.it.data).toEqual({ n: 0, list: ['a', 'c', 'd'] })
  })

  test('goes over several edits, and over commands that were none', () => {
    const room = shared()
    room.edits({ operations: [{ op: 'insert', path: '/list', at: { index: 0 }, value: 'first' }] }, ann)
    room.does({ type: 'join' }, user('cy'))
    room.edits({ operations: [{ op: 'increment', path: '/n', by: 1 }] }, ann)
    room.edits({ operations: [{ op: 'append', path: '/list', values: ['x', 'y'] }, removeAt(1)] }, ann)
    room.edits({ operations: [{ op: 'move', path: '/list', at: { index: 1 }, to: 'end' }] }, ann)
    expect(listOf(room)).toEqual(['first', 'c', 'd', 'x', 'y', 'b'])
    room.edits({ operations: [replaceAt(1, 'B')], base: 2 }, bob)
    expect(listOf(room)).toEqual(['first', 'c', 'd', 'x', 'y', 'B'])
  })

  test('does not matter to operations by key or id, however old it is', () => {
    const room = opened({ guests: ['bob'], data: { n: 0, list: [{ id: 'x', v: 1 }] } })
    for (let i = 0; i < 2 * LIMITS.rebaseEdits; i++)
      room.edits({ operations: [{ op: 'insert', path: '/list', at: { index: 0 }, value: { id: `${i}`, v: 0 } }] }, ann)
    room.edits({ operations: [set('/list/@x/v', 2), { op: 'increment', path: '/n', by: 1 }], base: 0 }, bob)
    expect(room.it.data).toMatchObject({ n: 1 })
  })
})

describe('the edits that a room remembers', () => {
  const many = LIMITS.rebaseEdits
  const appendOne: Operation = { op: 'append', path: '/list', values: ['new'] }
  const last = (base: number) => ({ type: 'edit', operations: [replaceAt(3, 'D')], base }) as const

  test('are as many as the limit says; an index from before is refused with the version now', () => {
    const room = shared()
    for (let i = 0; i < many; i++) room.edits({ operations: [appendOne] }, ann)
    expect(room.it).toMatchObject({ recent: { length: many }, forgotten: 0 })
    room.does(last(2), bob)
    expect(room.it).toMatchObject({ recent: { length: many }, forgotten: 3 })
    expect(room.send(last(2), bob)).toEqual({ rule: 'stale-index', operation: 0, version: many + 3 })
    expect(room.it.recent.at(0)?.seq).toBe(4)
  })

  test('do not count what moves no index: a counter may be changed a thousand times', () => {
    const room = shared()
    for (let i = 0; i < 1_000; i++)
      room.edits({ operations: [{ op: 'increment', path: '/n', by: 1 }, set('/cell', i)] }, ann)
    expect(room.it).toMatchObject({ recent: [], forgotten: 0 })
    room.does(last(2), bob)
    expect(listOf(room)).toEqual(['a', 'b', 'c', 'D'])
  })

  test('are not kept with values: the room`s state stays small beside long drawings', () => {
    const room = opened({ data: { lines: [] } })
    const line = Array.from({ length: 1_000 }, (_, i) => i)
    for (let i = 0; i < many; i++)
      room.edits(
        {
          operations: [
            { op: 'append', path: '/lines', values: [line] },
            { op: 'remove', path: '/lines', at: { index: 0 } },
          ],
        },
        ann,
      )
    expect(JSON.stringify(room.it.recent).length).toBeLessThan(20_000)
  })

  test('let an edit by index pass when the base is the forgotten edit itself', () => {
    const room = shared()
    for (let i = 0; i <= many; i++) room.edits({ operations: [appendOne] }, ann)
    expect(room.it.forgotten).toBe(3)
    expect(room.send(last(2), bob)).toMatchObject({ rule: 'stale-index' })
    expect(room.does(last(3), bob)).toBe('data.edited')
  })

  test('begin anew after all data was replaced only as far as indices go: those are stale', () => {
    const room = shared()
    room.edits({ operations: [{ op: 'set', path: '', value: { list: ['p', 'q', 'r', 's'] } }] }, ann)
    expect(room.send(last(2), bob)).toEqual({ rule: 'stale-index', operation: 0, version: 3 })
    expect(room.does(last(3), bob)).toBe('data.edited')
  })
})
