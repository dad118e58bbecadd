import { describe, expect, test } from 'bun:test'
import { until } from '../kit/until.ts'
import { opened, sent } from './opened-room.ts'

const list = () => ({ list: ['a', 'b', 'c'], lock: 'free', n: 0 })

describe('what can be taken back', () => {
  test('is the last hundred edits, newest first', async () => {
    const { room, server } = await opened({ list: [] })
    for (let n = 0; n < 110; n++) room.append('/list', n)
    let undone = 0
    while (room.canUndo) {
      void room.undo()
      undone++
    }
    expect(undone).toBe(100)
    expect(room.data).toEqual({ list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] })
    await room.settled()
    expect(server.state.data).toEqual(room.data)
    while (room.canRedo) void room.redo()
    await room.settled()
    expect(server.state.data).toEqual({ list: Array.from({ length: 110 }, (_, n) => n) })
  })

  test('is no edit that changed nothing', async () => {
    const { room } = await opened(list())
    await room.setIfAbsent('/lock', 'mine')
    expect([room.canUndo, await room.undo()]).toEqual([false, false])
  })

  test('is not what was refused, and what was before it still is', async () => {
    const { room, server, link } = await opened(list())
    await room.insert('/list', 0, 'first')
    link.isHeld = true
    const letReplies = link.holdReplies()
    server.edit('alice', { op: 'set', path: '/lock', value: 'taken' })
    const lost = room.edit([
      { op: 'test', path: '/lock', value: 'free' },
      { op: 'remove', path: '/list', at: { index: 0 } },
      { op: 'insert', path: '/list', at: { index: 0 }, value: 'lost' },
    ])
    await sent(server, 2)
    const later = room.replace('/list', 3, 'C')
    letReplies()
    await expect(lost).rejects.toMatchObject({ rule: 'test-failed' })
    link.release()
    await later
    expect(room.data).toMatchObject({ list: ['first', 'a', 'b', 'C'] })
    expect(await room.undo()).toBe(true)
    expect(room.data).toMatchObject({ list: ['first', 'a', 'b', 'c'] })
    // The element that the lost edit took away, and that is back since, is not for sure the same: nothing is guessed.
    expect(await room.undo()).toBe(false)
    expect(room.data).toMatchObject({ list: ['first', 'a', 'b', 'c'] })
    await room.settled()
    expect(server.state.data).toEqual(room.data)
  })

  test('by an edit that the server refuses at last was not: it counts as not taken back', async () => {
    const { room, server, link } = await opened(list())
    await room.set('/n', 5)
    link.isHeld = true
    server.edit('alice', { op: 'set', path: '/n', value: 6 })
    const undo = room.undo()
    expect(room.data).toMatchObject({ n: 0 })
    expect(await undo).toBe(false)
    expect(room.data).toMatchObject({ n: 5 })
    link.release()
    await until(() => room.version === 4, { what: 'theirs comes' })
    expect(room.data).toMatchObject({ n: 6 })
  })

  test('is not known by index any more after a snapshot, and by key it is', async () => {
    const { room, server, link } = await opened(list())
    await room.insert('/list', 0, 'x')
    await room.set('/lock', 'mine')
    link.isHeld = true
    link.resyncs = true
    server.edit('alice', { op: 'append', path: '/list', values: ['theirs'] })
    link.release()
    await until(() => room.version === 5, { what: 'the snapshot comes' })
    expect(await room.undo()).toBe(true)
    expect(room.data).toMatchObject({ lock: 'free' })
    expect(await room.undo()).toBe(false)
    expect(room.data).toMatchObject({ list: ['x', 'a', 'b', 'c', 'theirs'] })
  })

  test('at once and without the server is what comes of it later', async () => {
    const { room, server, link } = await opened(list())
    link.down()
    room.insert('/list', 1, 'x')
    room.move('/list', 0, 'end')
    room.increment('/n', 3)
    const done = [room.undo(), room.undo(), room.undo(), room.redo()]
    expect(room.data).toEqual({ ...list(), list: ['a', 'x', 'b', 'c'] })
    expect(room.canRedo).toBe(true)
    link.up()
    expect(await Promise.all(done)).toEqual([true, true, true, true])
    await room.settled()
    expect(server.state.data).toEqual({ ...list(), list: ['a', 'x', 'b', 'c'] })
  })

  test('again is nothing after another edit', async () => {
    const { room } = await opened(list())
    await room.set('/n', 1)
    await room.undo()
    await room.set('/lock', 'mine')
    expect([room.canRedo, await room.redo()]).toEqual([false, false])
    expect(room.data).toMatchObject({ n: 0, lock: 'mine' })
  })

  test('again goes over what others did between taking back and doing again', async () => {
    const { room, server } = await opened(list())
    await room.insert('/list', 1, 'x')
    await room.replace('/list', 3, 'C')
    await room.undo()
    await room.undo()
    const { version } = server.edit('alice', { op: 'insert', path: '/list', at: { index: 0 }, value: 'new' })
    await until(() => room.version === version, { what: 'theirs comes' })
    expect(await room.redo()).toBe(true)
    expect(room.data).toMatchObject({ list: ['new', 'a', 'x', 'b', 'c'] })
    expect(await room.redo()).toBe(true)
    expect(room.data).toMatchObject({ list: ['new', 'a', 'x', 'b', 'C'] })
    await room.settled()
    expect(server.state.data).toEqual(room.data)
  })
})
