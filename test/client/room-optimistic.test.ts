import { describe, expect, test } from 'bun:test'
import { edited, editsAt, opened, sent } from './opened-room.ts'
import { until } from '../kit/until.ts'

describe('an own edit', () => {
  test('shows at once, is told as ours and pending, and again when the log has it', async () => {
    const { room, changes } = await opened({ n: 1 })
    const done = room.increment('/n', 2)
    expect(room.data).toEqual({ n: 3 })
    expect(changes).toMatchObject([
      { cause: 'edit', data: { n: 3 }, events: [{ own: true, pending: true, by: 'alice' }] },
    ])
    expect(await done).toEqual({ version: 3, replayed: false, values: [3] })
    await until(() => room.version === 3, { what: 'the event comes' })
    expect(changes[1]).toMatchObject({ cause: 'events', version: 3, events: [{ own: true, pending: false }] })
    expect(room.data).toEqual({ n: 3 })
  })

  test('that cannot be is refused at once, and nothing is sent', async () => {
    const { room, server, rejected } = await opened({ n: 1 })
    await expect(room.append('/n', 1)).rejects.toMatchObject({ rule: 'path-missing', details: { operation: 0 } })
    expect(rejected).toMatchObject([{ error: { rule: 'path-missing' }, operations: [{ op: 'append' }] }])
    expect(editsAt(server)).toEqual([])
  })

  test('that is no JSON, or passes a limit, is refused at once', async () => {
    const { room, server } = await opened({ n: 1 })
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    // edge: what a caller without types may give
    await expect(room.set('/n', cyclic as never)).rejects.toMatchObject({ rule: 'bad-request' })
    await expect(room.set('n', 1)).rejects.toMatchObject({
      rule: 'bad-request',
      details: { issues: { 'operations.0.path': ['is not a JSON Pointer (RFC 6901)'] } },
    })
    const many = Array.from({ length: 257 }, () => ({ op: 'increment', path: '/n', by: 1 }) as const)
    await expect(room.edit(many)).rejects.toMatchObject({ rule: 'limit-reached', details: { limit: 256 } })
    expect(room.data).toEqual({ n: 1 })
    expect(editsAt(server)).toEqual([])
  })

  test('is what it was when it was made, whatever becomes of the object', async () => {
    const { room, server } = await opened({ cell: null })
    const value = { text: 'mine' }
    const done = room.set('/cell', value)
    value.text = 'changed'
    await done
    expect(server.state.data).toEqual({ cell: { text: 'mine' } })
  })

  test('that the server refuses is taken back, and those after it stand without it', async () => {
    const { room, server, link, rejected } = await opened({ list: ['a', 'b'], lock: 'free' })
    link.isHeld = true
    const letReplies = link.holdReplies()
    server.edit('alice', { op: 'set', path: '/lock', value: 'taken' })
    const lost = room.edit([
      { op: 'test', path: '/lock', value: 'free' },
      { op: 'insert', path: '/list', at: { index: 0 }, value: 'x' },
    ])
    await sent(server)
    const kept = room.replace('/list', 1, 'A')
    expect(room.data).toEqual({ list: ['x', 'A', 'b'], lock: 'free' })
    letReplies()
    await expect(lost).rejects.toMatchObject({ rule: 'test-failed' })
    expect(room.data).toEqual({ list: ['A', 'b'], lock: 'free' })
    link.release()
    await kept
    await room.settled()
    expect(room.data).toEqual({ list: ['A', 'b'], lock: 'taken' })
    expect(server.state.data).toEqual(room.data)
    expect(rejected).toHaveLength(1)
  })

  test('that was built on one that is refused is refused with it', async () => {
    const { room, server, link, rejected } = await opened({ lock: 'free' })
    link.isHeld = true
    const letReplies = link.holdReplies()
    server.edit('alice', { op: 'set', path: '/lock', value: 'taken' })
    const first = room.edit([
      { op: 'test', path: '/lock', value: 'free' },
      { op: 'set', path: '/new', value: {} },
    ])
    await sent(server)
    const second = room.set('/new/inside', 1)
    const third = room.set('/other', 2)
    letReplies()
    await expect(first).rejects.toMatchObject({ rule: 'test-failed' })
    await expect(second).rejects.toMatchObject({ rule: 'path-missing' })
    link.release()
    await third
    await room.settled()
    expect(room.data).toEqual({ lock: 'taken', other: 2 })
    expect(rejected).toHaveLength(2)
  })
})

describe('edits of one turn', () => {
  test('go in one command, and each hears its own numbers', async () => {
    const { room, server } = await opened({ n: 10 })
    const done = [1, 2, 3].map((by) => room.increment('/n', by))
    expect((await Promise.all(done)).map(({ values }) => values)).toEqual([[11], [13], [16]])
    expect(edited(server, 'alice')).toHaveLength(1)
  })

  test('of which one is refused go without it, each once', async () => {
    const { room, server, link } = await opened({ n: 0, lock: 'free' })
    link.isHeld = true
    server.edit('alice', { op: 'set', path: '/lock', value: 'taken' })
    const [one, bad, two] = [
      room.set('/one', 1),
      room.edit([{ op: 'test', path: '/lock', value: 'free' }]),
      room.set('/two', 2),
    ]
    await expect(bad).rejects.toMatchObject({ rule: 'test-failed' })
    link.release()
    expect((await one).version).toBe((await two).version)
    expect(server.state.data).toEqual({ n: 0, lock: 'taken', one: 1, two: 2 })
    await room.settled()
    expect(room.data).toEqual(server.state.data)
  })

  test('whose numbers would not be their own go apart', async () => {
    const { room, server } = await opened({ n: 0 })
    const done = [room.increment('/n', 5, { max: 7, clamp: true }), room.increment('/n', 5, { max: 7, clamp: true })]
    expect((await Promise.all(done)).map(({ values }) => values)).toEqual([[5], [7]])
    const firsts = [room.setIfAbsent('/a', 1), room.setIfAbsent('/a', 2)]
    expect((await Promise.all(firsts)).map(({ values }) => values)).toEqual([[true], [false]])
    expect(edited(server, 'alice').length).toBeGreaterThan(2)
  })
})
