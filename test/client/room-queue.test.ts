import { describe, expect, test } from 'bun:test'
import { edited, editsAt, opened } from './opened-room.ts'
import { until } from '../kit/until.ts'

describe('without the server', () => {
  test('edits wait in order, and are sent when it is back', async () => {
    const { room, server, link } = await opened({ list: [] })
    link.down()
    await until(() => room.state === 'offline', { what: 'the room is offline' })
    const done = ['a', 'b', 'c'].map((value) => room.append('/list', value))
    room.setIfAbsent('/first', 'mine')
    done.push(room.append('/list', 'd'))
    expect(room.data).toEqual({ list: ['a', 'b', 'c', 'd'], first: 'mine' })
    expect(room.pending).toBe(5)
    link.up()
    await Promise.all(done)
    await room.settled()
    expect(server.state.data).toEqual({ list: ['a', 'b', 'c', 'd'], first: 'mine' })
    expect([room.data, room.pending]).toEqual([server.state.data, 0])
    await until(() => room.state === 'online', { what: 'the room is online' })
  })

  test('each goes under the id that it had before', async () => {
    const { room, server, link } = await opened({ n: 0 })
    const tried = new Set<unknown>()
    link.fate = ({ path, input }) => {
      if (path === 'edit') tried.add(input.id)
      return 'lose-request'
    }
    const done = room.increment('/n', 1)
    await until(() => tried.size > 0, { what: 'it is tried' })
    link.fate = () => 'pass'
    await done
    expect(editsAt(server).map(({ input }) => input.id)).toEqual([...tried])
    expect(edited(server, 'alice')).toHaveLength(1)
  })

  test('the queue is bounded: the next edit is refused with the limit, and does not show', async () => {
    const { room, server, link, rejected } = await opened({ n: 0 }, { queue: { max: 3 } })
    link.down()
    const kept = [1, 2, 3].map((by) => room.increment('/n', by))
    await expect(room.increment('/n', 100)).rejects.toMatchObject({ rule: 'queue-full', details: { limit: 3 } })
    expect(room.data).toEqual({ n: 6 })
    expect(rejected).toMatchObject([{ error: { rule: 'queue-full' }, operations: [{ by: 100 }] }])
    link.up()
    await Promise.all(kept)
    await room.increment('/n', 10)
    await room.settled()
    expect(server.state.data).toEqual({ n: 16 })
  })

  test('what was answered is not in the queue any more, though its event is still to come', async () => {
    const { room, link } = await opened({ n: 0 }, { queue: { max: 1 } })
    link.isHeld = true
    await room.increment('/n', 1)
    expect(room.pending).toBe(0)
    const second = room.increment('/n', 1)
    expect(room.data).toEqual({ n: 2 })
    link.release()
    expect(await second).toMatchObject({ values: [2] })
  })

  test('settled waits for all edits, also where the last of them is refused before the others are done', async () => {
    const { room, server, link } = await opened({ list: ['a'], n: 0 })
    const letReplies = link.holdReplies()
    const first = room.increment('/n', 1)
    await until(() => editsAt(server).length === 1, { what: 'it is sent' })
    link.isHeld = true
    const last = room.replace('/list', 0, 'A')
    let isSettled = false
    const settled = room.settled().then(() => (isSettled = true))
    server.edit('alice', { op: 'remove', path: '/list', at: { index: 0 } })
    link.release()
    await expect(last).rejects.toMatchObject({ rule: 'stale-index' })
    expect(room.pending).toBe(0)
    expect(isSettled).toBe(false)
    letReplies()
    expect(await first).toMatchObject({ values: [1] })
    await settled
    expect(room.data).toEqual({ list: [], n: 1 })
  })
})
