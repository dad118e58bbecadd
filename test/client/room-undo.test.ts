import { describe, expect, test } from 'bun:test'
import type { Operation } from '../../shared/room/operations.ts'
import { until } from '../kit/until.ts'
import { opened } from './opened-room.ts'

const DATA = {
  text: 'hello',
  n: 1,
  cells: { a: 1, b: [1, 2] },
  list: ['a', 'b', 'c'],
  items: [
    { id: 'x', v: 1, tags: ['t'] },
    { id: 'y', v: 2, tags: [] },
  ],
}

const KINDS: Record<string, readonly Operation[]> = {
  set: [{ op: 'set', path: '/text', value: 'bye' }],
  'set of a new key': [{ op: 'set', path: '/new', value: { deep: [1] } }],
  'set of an element': [{ op: 'set', path: '/list/1', value: 'B' }],
  'set of all': [{ op: 'set', path: '', value: { list: [] } }],
  setIfAbsent: [{ op: 'setIfAbsent', path: '/cells/c', value: 1 }],
  compareAndSet: [{ op: 'compareAndSet', path: '/text', expect: 'hello', value: 'bye' }],
  merge: [{ op: 'merge', path: '/cells', value: { a: 2, c: 3 } }],
  'delete of a key': [{ op: 'delete', path: '/cells/b' }],
  'delete of an element': [{ op: 'delete', path: '/items/@x' }],
  increment: [{ op: 'increment', path: '/n', by: 41 }],
  'increment that was clamped': [{ op: 'increment', path: '/n', by: 41, max: 5, clamp: true }],
  insert: [{ op: 'insert', path: '/list', at: { index: 1 }, value: 'x' }],
  append: [{ op: 'append', path: '/list', values: ['d', 'e'] }],
  remove: [{ op: 'remove', path: '/list', at: { index: 0 } }],
  'remove by id': [{ op: 'remove', path: '/items', at: { id: 'x' } }],
  replace: [{ op: 'replace', path: '/items', at: { id: 'y' }, value: { id: 'z' } }],
  move: [{ op: 'move', path: '/list', at: { index: 0 }, to: 'end' }],
  'move before another': [{ op: 'move', path: '/items', at: { id: 'y' }, to: { before: 'x' } }],
  patch: [
    {
      op: 'patch',
      patch: [
        { op: 'remove', path: '/list/0' },
        { op: 'copy', from: '/items/0', path: '/copied' },
        { op: 'move', from: '/list/0', path: '/text' },
      ],
    },
  ],
  mergePatch: [{ op: 'mergePatch', path: '', patch: { text: null, cells: { b: null, d: { e: 1 } } } }],
  'several at once': [
    { op: 'remove', path: '/list', at: { index: 2 } },
    { op: 'increment', path: '/n', by: 1 },
    { op: 'insert', path: '/list', at: { index: 0 }, value: 'x' },
  ],
}

describe('undo takes back and redo does again', () => {
  for (const [kind, operations] of Object.entries(KINDS))
    test(kind, async () => {
      const { room, server } = await opened(DATA)
      await room.edit(operations)
      const { data } = room
      expect(data).not.toEqual(DATA)
      for (let rounds = 0; rounds < 2; rounds++) {
        expect([room.canUndo, room.canRedo]).toEqual([true, false])
        expect(await room.undo()).toBe(true)
        expect(room.data).toEqual(DATA)
        expect([room.canUndo, room.canRedo]).toEqual([false, true])
        expect(await room.redo()).toBe(true)
        expect(room.data).toEqual(data)
      }
      await room.settled()
      expect(server.state.data).toEqual(data)
    })
})

describe('with others', () => {
  /** Alice edits, then Bob does; what her undo leaves. */
  const after = async (own: Operation, theirs: Operation) => {
    const { room, server } = await opened(DATA)
    await room.edit([own])
    const { version } = server.edit('alice', theirs)
    await until(() => room.version === version, { what: 'theirs comes' })
    const before = room.data
    const was = await room.undo()
    await room.settled()
    expect(room.data).toEqual(server.state.data)
    return { was, before, data: room.data }
  }

  test('what they have changed since is not overwritten', async () => {
    const { was, before, data } = await after(
      { op: 'set', path: '/text', value: 'mine' },
      { op: 'set', path: '/text', value: 'theirs' },
    )
    expect([was, data]).toEqual([false, before])
  })

  test('what they put into what was made here is not taken away with it', async () => {
    const { was, before, data } = await after(
      { op: 'set', path: '/new', value: {} },
      { op: 'set', path: '/new/theirs', value: 1 },
    )
    expect([was, data]).toEqual([false, before])
  })

  test('what they have added to a number stays', async () => {
    const { was, data } = await after({ op: 'increment', path: '/n', by: 10 }, { op: 'increment', path: '/n', by: 5 })
    expect([was, data]).toMatchObject([true, { n: 6 }])
  })

  test('the element that was put in is taken out, wherever they have pushed it', async () => {
    const { was, data } = await after(
      { op: 'insert', path: '/list', at: { index: 1 }, value: 'mine' },
      { op: 'insert', path: '/list', at: { index: 0 }, value: 'theirs' },
    )
    expect([was, data]).toMatchObject([true, { list: ['theirs', 'a', 'b', 'c'] }])
  })

  test('what was removed comes back where it stood among what is left', async () => {
    const { was, data } = await after(
      { op: 'remove', path: '/list', at: { index: 2 } },
      { op: 'remove', path: '/list', at: { index: 0 } },
    )
    expect([was, data]).toMatchObject([true, { list: ['b', 'c'] }])
  })

  test('a place in a list that they have set anew is not guessed', async () => {
    const { was, before, data } = await after(
      { op: 'remove', path: '/list', at: { index: 2 } },
      { op: 'set', path: '/list', value: ['all', 'new', 'here'] },
    )
    expect([was, data]).toEqual([false, before])
  })

  test('theirs is never undone', async () => {
    const { room, server } = await opened(DATA)
    const { version } = server.edit('alice', { op: 'set', path: '/text', value: 'theirs' })
    await until(() => room.version === version, { what: 'theirs comes' })
    expect([room.canUndo, await room.undo()]).toEqual([false, false])
    expect(room.data).toMatchObject({ text: 'theirs' })
  })

  test('what the server carried over theirs is taken back as the server did it', async () => {
    const { room, server, link } = await opened(DATA)
    link.isHeld = true
    server.edit('alice', { op: 'increment', path: '/n', by: 3 })
    // Here it adds 4, there 1.
    expect(await room.increment('/n', 10, { max: 5, clamp: true })).toMatchObject({ values: [5] })
    link.release()
    await room.settled()
    expect(room.data).toMatchObject({ n: 5 })
    expect(await room.undo()).toBe(true)
    expect(room.data).toMatchObject({ n: 4 })
  })
})
