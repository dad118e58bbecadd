import { afterEach, describe, expect, test } from 'bun:test'
import { until } from '../kit/until.ts'
import { FakeLink, FakeServer } from './fake-room.ts'
import { edited, opened, openedBy, sent } from './opened-room.ts'
import { memoryStore } from './room-player.ts'

/** Web Locks of one browser: a lock is had by one page at a time. */
function fakeLocks() {
  const held = new Set<string>()
  return {
    held,
    request: async (name: string, _: object, take: (lock: object | null) => Promise<void> | undefined) => {
      if (held.has(name)) return take(null)
      held.add(name)
      await take({ name })
      held.delete(name)
    },
  }
}

const withLocks = (locks: object) =>
  Object.defineProperty(globalThis.navigator, 'locks', { value: locks, configurable: true })
afterEach(() => {
  Reflect.deleteProperty(globalThis.navigator, 'locks')
})

describe('a store', () => {
  test('keeps what a page that is gone has not confirmed, for the next, which sends it once', async () => {
    const server = new FakeServer({ list: [], n: 0 })
    const store = memoryStore()
    const link = new FakeLink(server, 'alice')
    const first = await openedBy(link, { store })
    link.down()
    const lost = first.room.append('/list', 'a')
    first.room.increment('/n', 1)
    first.room.append('/list', 'b')
    first.room.close()
    await expect(lost).rejects.toMatchObject({ rule: 'aborted' })
    link.up()
    const { room } = await openedBy(link, { store })
    expect(room.data).toEqual({ list: ['a', 'b'], n: 1 })
    await room.settled()
    expect(server.state.data).toEqual({ list: ['a', 'b'], n: 1 })
    expect(edited(server, 'alice')).toHaveLength(3)
    await until(() => store.items.size === 0, { what: 'nothing is kept any more' })
  })

  test('keeps the id of what was sent: though nobody heard of it, it is done once', async () => {
    const server = new FakeServer({ n: 0 })
    const store = memoryStore()
    const link = new FakeLink(server, 'alice')
    const first = await openedBy(link, { store })
    link.isHeld = true
    link.holdReplies()
    first.room.increment('/n', 1)
    await sent(server)
    first.room.close()
    link.release()
    const { room } = await openedBy(new FakeLink(server, 'alice'), { store })
    await room.settled()
    expect([room.data, server.state.data]).toEqual([{ n: 1 }, { n: 1 }])
  })

  test('brings edits by index over what others did while there was no page', async () => {
    const server = new FakeServer({ list: ['a', 'b', 'c'] })
    const store = memoryStore()
    const link = new FakeLink(server, 'alice')
    const first = await openedBy(link, { store })
    link.down()
    first.room.replace('/list', 1, 'B')
    first.room.remove('/list', 2)
    first.room.close()
    server.edit('alice', { op: 'insert', path: '/list', at: { index: 0 }, value: 'new' })
    link.up()
    const { room } = await openedBy(link, { store })
    expect(room.data).toEqual({ list: ['new', 'a', 'B'] })
    await room.settled()
    expect(server.state.data).toEqual({ list: ['new', 'a', 'B'] })
  })

  test('tells the next page what came to nothing', async () => {
    const server = new FakeServer({ list: ['a'] })
    const store = memoryStore()
    const link = new FakeLink(server, 'alice')
    const first = await openedBy(link, { store })
    link.down()
    first.room.replace('/list', 0, 'A')
    first.room.increment('/n', 1)
    first.room.close()
    server.edit('alice', { op: 'remove', path: '/list', at: { index: 0 } })
    link.up()
    const { room } = await openedBy(link, { store })
    await room.settled()
    expect([room.data, server.state.data]).toEqual([
      { list: [], n: 1 },
      { list: [], n: 1 },
    ])
  })

  test('that throws is as none', async () => {
    const fail = () => {
      throw new Error('the store is full')
    }
    const { room, server } = await opened({ n: 0 }, { store: { getItem: fail, setItem: fail, removeItem: fail } })
    await room.increment('/n', 1)
    room.close()
    expect(server.state.data).toEqual({ n: 1 })
  })

  test('that holds something else is as empty', async () => {
    const store = memoryStore()
    const server = new FakeServer({ n: 0 })
    for (const text of [
      'no JSON',
      'null',
      '{"version":1}',
      '{"version":1,"commands":[{}]}',
      '{"version":1,"commands":[{"id":"x","parts":[5],"wire":null,"base":null}]}',
      '{"version":1,"commands":[{"id":"x","parts":[],"wire":null,"base":null}]}',
      '{"version":"x","commands":[1]}',
    ])
      for (let slot = 0; slot < 8; slot++) {
        store.setItem(`foyer:room:${server.state.room}:alice:${slot}`, text)
        const { room } = await openedBy(new FakeLink(server, 'alice'), { store })
        expect([room.pending, room.data]).toEqual([0, { n: 0 }])
        room.close()
      }
  })

  test('of a room that is deleted is emptied', async () => {
    const store = memoryStore()
    const { room, server, link } = await opened({ n: 0 }, { store })
    link.isHeld = true
    link.fate = ({ path }) => (path === 'edit' ? 'lose-request' : 'pass')
    room.increment('/n', 1)
    await until(() => store.items.size === 1, { what: 'it is kept' })
    server.run('alice', { type: 'delete', reason: 'over' })
    link.release()
    await until(() => room.state === 'ended', { what: 'the end' })
    expect(store.items.size).toBe(0)
  })
})

describe('two tabs with one store', () => {
  test('keep separate queues, and none sends what is the other`s', async () => {
    const locks = fakeLocks()
    withLocks(locks)
    const server = new FakeServer({ n: 0 })
    const store = memoryStore()
    const [one, two] = [new FakeLink(server, 'alice'), new FakeLink(server, 'alice')]
    const a = await openedBy(one, { store })
    one.fate = two.fate = ({ path }) => (path === 'edit' ? 'lose-request' : 'pass')
    a.room.increment('/n', 1)
    await until(() => store.items.size === 1, { what: 'the first is kept' })
    const b = await openedBy(two, { store })
    expect(b.room.pending).toBe(0)
    b.room.increment('/n', 10)
    await until(() => store.items.size === 2, { what: 'both are kept' })
    one.fate = two.fate = () => 'pass'
    await Promise.all([a.room.settled(), b.room.settled()])
    expect(server.state.data).toEqual({ n: 11 })
    expect(edited(server, 'alice')).toHaveLength(2)
    a.room.close()
    b.room.close()
    await until(() => locks.held.size === 0, { what: 'the locks are free' })
  })

  test('of which one is gone: the next that is opened has its queue, the other that is open has not', async () => {
    withLocks(fakeLocks())
    const server = new FakeServer({ n: 0 })
    const store = memoryStore()
    const [one, two] = [new FakeLink(server, 'alice'), new FakeLink(server, 'alice')]
    const a = await openedBy(one, { store })
    const b = await openedBy(two, { store })
    two.down()
    b.room.increment('/n', 10)
    b.room.close()
    expect(a.room.pending).toBe(0)
    const c = await openedBy(new FakeLink(server, 'alice'), { store })
    await c.room.settled()
    expect(server.state.data).toEqual({ n: 10 })
  })
})
