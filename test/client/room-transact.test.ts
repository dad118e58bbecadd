import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { until } from '../kit/until.ts'
import { edited, editsAt, opened } from './opened-room.ts'

const numbers = z.object({ n: z.number() })

describe('a transaction', () => {
  test('writes what it made of the confirmed data, its own earlier edits among them', async () => {
    const { room, server } = await opened({ n: 1 }, { schema: numbers })
    room.increment('/n', 1)
    const done = room.transact(({ n }, tx) => tx.set('/n', n * 10))
    expect(room.data).toEqual({ n: 2 })
    expect(await done).toMatchObject({ version: 4, replayed: false })
    expect([room.data, server.state.data]).toEqual([{ n: 20 }, { n: 20 }])
  })

  test('is done again on what others left, and costs one request each time', async () => {
    const { room, server } = await opened({ n: 1 }, { schema: numbers })
    let others = 2
    const seen: number[] = []
    const done = room.transact(({ n }, tx) => {
      seen.push(n)
      if (others-- > 0) server.edit('alice', { op: 'increment', path: '/n', by: 5 })
      tx.set('/n', n * 10)
    })
    await done
    expect(seen).toEqual([1, 6, 11])
    expect(room.data).toEqual({ n: 110 })
    expect(editsAt(server)).toHaveLength(3)
    expect(server.calls.filter(({ path }) => path === 'get')).toEqual([])
  })

  test('of many at once are all in the sum', async () => {
    const first = await opened({ n: 0 }, { schema: numbers })
    const others = await Promise.all(
      ['bob', 'carol', 'dave'].map((user) => opened(first.server, { user, schema: numbers })),
    )
    const rooms = [first, ...others].map(({ room }) => room)
    await Promise.all(
      rooms.flatMap((room) => Array.from({ length: 5 }, () => room.transact(({ n }, tx) => tx.set('/n', n + 1)))),
    )
    expect(first.server.state.data).toEqual({ n: 20 })
    await until(() => rooms.every(({ version }) => version === first.server.state.seq), { what: 'all are there' })
    for (const { data } of rooms) expect(data).toEqual({ n: 20 })
  })

  test('whose reply is lost is done once', async () => {
    const { room, server, link } = await opened({ n: 1 }, { schema: numbers })
    let left = 1
    link.fate = ({ path }) => (path === 'edit' && left-- > 0 ? 'lose-reply' : 'pass')
    let calls = 0
    const done = room.transact(({ n }, tx) => {
      calls++
      tx.set('/n', n + 1)
    })
    expect(await done).toMatchObject({ replayed: true, version: 3 })
    expect([calls, edited(server, 'alice').length]).toEqual([1, 1])
    expect(room.data).toEqual({ n: 2 })
  })

  test('gives up after its retries, with what the version is', async () => {
    const { room, server } = await opened({ n: 1 }, { schema: numbers })
    const done = room.transact(
      (_, tx) => {
        server.edit('alice', { op: 'increment', path: '/n', by: 1 })
        tx.set('/n', 0)
      },
      { retries: 2 },
    )
    await expect(done).rejects.toMatchObject({ rule: 'version-conflict', details: { version: 5 } })
    expect(editsAt(server)).toHaveLength(3)
    expect(server.state.data).toEqual({ n: 4 })
  })

  test('that throws writes nothing, and does not keep others from theirs', async () => {
    const { room, server } = await opened({ n: 1 }, { schema: numbers })
    const bad = room.transact(() => {
      throw new Error('no')
    })
    await expect(bad).rejects.toThrow('no')
    await room.transact(({ n }, tx) => tx.set('/n', n + 1))
    expect(server.state.data).toEqual({ n: 2 })
  })

  test('that cannot be, or would not fit the schema, is refused without a request', async () => {
    const { room, server } = await opened({ n: 1 }, { schema: numbers })
    await expect(room.transact((_, tx) => tx.test('/n', 5))).rejects.toMatchObject({ rule: 'test-failed' })
    await expect(room.transact((_, tx) => tx.delete('/n'))).rejects.toMatchObject({ rule: 'unfit-data' })
    expect(await room.transact(() => {})).toEqual({ version: 2, replayed: false, values: [] })
    expect(editsAt(server)).toEqual([])
  })

  test('is no step that undo takes back', async () => {
    const { room } = await opened({ n: 1 }, { schema: numbers })
    await room.transact((_, tx) => tx.set('/n', 5))
    expect([room.canUndo, await room.undo(), room.data]).toEqual([false, false, { n: 5 }])
  })
})

describe('an edit at a version', () => {
  test('is done there', async () => {
    const { room } = await opened({ n: 1 })
    expect(await room.edit([{ op: 'set', path: '/n', value: 2 }], { ifVersion: room.version })).toMatchObject({
      version: 3,
    })
  })

  test('is refused at another that is known, at once', async () => {
    const { room, server } = await opened({ n: 1 })
    const done = room.edit([{ op: 'set', path: '/n', value: 2 }], { ifVersion: 1 })
    expect(room.data).toEqual({ n: 1 })
    await expect(done).rejects.toMatchObject({ rule: 'version-conflict', details: { version: 2 } })
    expect(editsAt(server)).toEqual([])
  })

  test('is taken back where the server has a later one, and brings what was done since', async () => {
    const { room, server, link } = await opened({ n: 1 })
    link.isHeld = true
    server.edit('alice', { op: 'set', path: '/m', value: 1 })
    const done = room.edit([{ op: 'set', path: '/n', value: 2 }], { ifVersion: 2 })
    expect(room.data).toEqual({ n: 2 })
    const error = await done.catch((thrown: { rule: string; details: { changes?: string } }) => thrown)
    expect(error).toMatchObject({ rule: 'version-conflict', details: { version: 3 } })
    expect(JSON.parse(('details' in error && error.details.changes) || '[]')).toMatchObject([{ type: 'data.edited' }])
    expect(room.data).toEqual({ n: 1 })
    link.release()
  })

  test('counts own edits before it, which wait', async () => {
    const { room, server } = await opened({ n: 1 })
    room.increment('/n', 1)
    const done = room.edit([{ op: 'set', path: '/m', value: 1 }], { ifVersion: 3 })
    expect(await done).toMatchObject({ version: 4 })
    expect(server.state.data).toEqual({ n: 2, m: 1 })
  })
})
