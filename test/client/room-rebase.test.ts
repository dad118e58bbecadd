import { describe, expect, test } from 'bun:test'
import { opened, sent } from './opened-room.ts'
import { until } from '../kit/until.ts'

const list = () => ({ list: ['a', 'b', 'c', 'd'] })

describe('over what others did meanwhile', () => {
  test('an edit by index goes on meaning its element, on the screen and at the server', async () => {
    const { room, server, link } = await opened(list())
    link.down()
    const done = room.replace('/list', 2, 'C')
    server.edit('alice', { op: 'insert', path: '/list', at: { index: 0 }, value: 'new' })
    server.edit('alice', { op: 'remove', path: '/list', at: { index: 1 } })
    link.up()
    await done
    await room.settled()
    expect(server.state.data).toEqual({ list: ['new', 'b', 'C', 'd'] })
    expect(room.data).toEqual(server.state.data)
  })

  test('one whose element has gone is refused, and those after it stay', async () => {
    const { room, server, link } = await opened(list())
    link.down()
    const gone = room.replace('/list', 1, 'B')
    const kept = room.remove('/list', 3)
    server.edit('alice', { op: 'remove', path: '/list', at: { index: 1 } })
    link.up()
    await expect(gone).rejects.toMatchObject({ rule: 'stale-index' })
    await kept
    await room.settled()
    expect(room.data).toEqual({ list: ['a', 'c'] })
    expect(server.state.data).toEqual(room.data)
  })

  test('one by id finds its element wherever it went', async () => {
    const { room, server, link } = await opened({
      list: [
        { id: 'x', v: 1 },
        { id: 'y', v: 2 },
      ],
    })
    link.down()
    const done = room.set('/list/@x/v', 9)
    server.edit('alice', { op: 'move', path: '/list', at: { index: 0 }, to: 'end' })
    link.up()
    await done
    await room.settled()
    expect(server.state.data).toEqual({
      list: [
        { id: 'y', v: 2 },
        { id: 'x', v: 9 },
      ],
    })
    expect(room.data).toEqual(server.state.data)
  })

  test('one that is on its way while their event comes is drawn where the server will do it', async () => {
    const { room, server, link } = await opened(list())
    // Their edit is in the log before ours, and is heard while ours has no answer.
    link.delay = (way) => (way === 'request' ? 40 : 0)
    const done = room.insert('/list', 2, 'mine')
    server.edit('alice', { op: 'insert', path: '/list', at: { index: 0 }, value: 'theirs' })
    await until(() => room.version === 3, { what: 'theirs comes' })
    expect(room.pending).toBe(1)
    expect(room.data).toEqual({ list: ['theirs', 'a', 'b', 'mine', 'c', 'd'] })
    expect((await done).version).toBe(4)
    await room.settled()
    expect(server.state.data).toEqual(room.data)
  })

  test('what two did in one list stands in both rooms alike', async () => {
    const alice = await opened(list())
    const bob = await opened(alice.server, { user: 'bob' })
    for (const [nth, { room }] of [alice, bob].entries()) {
      room.insert('/list', 1, `first-${nth}`)
      room.move('/list', 0, 'end')
      room.append('/list', `last-${nth}`)
    }
    await Promise.all([alice.room.settled(), bob.room.settled()])
    await until(() => alice.room.version === bob.room.version, { what: 'both are there' })
    expect(alice.room.data).toEqual(alice.server.state.data)
    expect(bob.room.data).toEqual(alice.server.state.data)
  })

  test('an element of an own edit that waits is still meant when others come before it', async () => {
    const { room, server, link } = await opened(list())
    const letReplies = link.holdReplies()
    link.isHeld = true
    room.insert('/list', 0, 'first')
    await sent(server)
    const second = room.replace('/list', 0, 'FIRST')
    server.edit('alice', { op: 'insert', path: '/list', at: { index: 0 }, value: 'theirs' })
    letReplies()
    link.release()
    await second
    await room.settled()
    expect(server.state.data).toEqual({ list: ['theirs', 'FIRST', 'a', 'b', 'c', 'd'] })
    expect(room.data).toEqual(server.state.data)
  })
})
