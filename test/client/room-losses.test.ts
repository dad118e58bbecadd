import { describe, expect, test } from 'bun:test'
import { until } from '../kit/until.ts'
import type { Fate } from './fake-room.ts'
import { edited, editsAt, opened, sent } from './opened-room.ts'

/** The first edit meets this, the others pass. */
const once = (fate: Fate) => {
  let left = 1
  return ({ path }: { path: string }): Fate => (path === 'edit' && left-- > 0 ? fate : 'pass')
}
const ids = (calls: readonly { input: Record<string, unknown> }[]) => calls.map(({ input }) => input.id)

describe('an edit', () => {
  test('whose request is lost is sent again under its id', async () => {
    const { room, server, link } = await opened({ n: 0 })
    const seen: unknown[] = []
    const fate = once('lose-request')
    link.fate = (call) => {
      if (call.path === 'edit') seen.push(call.input.id)
      return fate(call)
    }
    expect(await room.increment('/n', 1)).toMatchObject({ replayed: false, values: [1] })
    expect(seen).toHaveLength(2)
    expect(new Set(seen).size).toBe(1)
    await room.settled()
    expect([room.data, server.state.data]).toEqual([{ n: 1 }, { n: 1 }])
  })

  test('whose reply is lost is done once: its event shows that it is, the repeat brings the answer', async () => {
    const { room, server, link } = await opened({ n: 0 })
    link.fate = once('lose-reply')
    const done = room.increment('/n', 1)
    await until(() => room.version === 3, { what: 'the event comes' })
    expect(room.data).toEqual({ n: 1 })
    expect(await done).toMatchObject({ version: 3, replayed: true, values: [1] })
    expect(new Set(ids(editsAt(server))).size).toBe(1)
    expect(edited(server, 'alice')).toHaveLength(1)
    expect(room.data).toEqual({ n: 1 })
  })

  test('that the network brings twice is done once', async () => {
    const { room, server, link } = await opened({ n: 0 })
    link.fate = once('twice')
    await room.increment('/n', 1)
    await room.settled()
    expect([room.data, server.state.data]).toEqual([{ n: 1 }, { n: 1 }])
  })

  test('whose reply comes first shows once before its event and once after', async () => {
    const { room, link } = await opened({ n: 0 })
    link.isHeld = true
    expect(await room.increment('/n', 1)).toMatchObject({ version: 3 })
    expect([room.data, room.version, room.pending]).toEqual([{ n: 1 }, 2, 0])
    link.release()
    await until(() => room.version === 3, { what: 'the event comes' })
    expect(room.data).toEqual({ n: 1 })
  })

  test('whose event comes first shows once before its reply and once after', async () => {
    const { room, link } = await opened({ n: 0 })
    const letReplies = link.holdReplies()
    const done = room.increment('/n', 1)
    await until(() => room.version === 3, { what: 'the event comes' })
    expect([room.data, room.pending]).toEqual([{ n: 1 }, 0])
    letReplies()
    expect(await done).toMatchObject({ version: 3 })
    expect(room.data).toEqual({ n: 1 })
  })

  test('that a snapshot has, instead of its event, is not shown twice', async () => {
    const { room, server, link, changes } = await opened({ n: 0 })
    const letReplies = link.holdReplies()
    link.isHeld = true
    const done = room.increment('/n', 1)
    await sent(server)
    link.resyncs = true
    link.release()
    await until(() => room.version === 3, { what: 'the snapshot comes' })
    expect(changes.at(-1)).toMatchObject({ cause: 'resync', data: { n: 1 } })
    letReplies()
    expect(await done).toMatchObject({ version: 3 })
    await room.settled()
    expect(room.data).toEqual({ n: 1 })
  })

  test('that a snapshot does not have yet is done all the same', async () => {
    const { room, server, link } = await opened({ n: 0, list: ['a'] })
    link.delay = (way) => (way === 'request' ? 40 : 0)
    const done = room.edit([
      { op: 'increment', path: '/n', by: 1 },
      { op: 'replace', path: '/list', at: { index: 0 }, value: 'A' },
    ])
    link.resyncs = true
    server.edit('alice', { op: 'insert', path: '/list', at: { index: 0 }, value: 'new' })
    await until(() => room.version === 3, { what: 'the snapshot comes' })
    // Whether the snapshot has it is not known to the client: it is not shown twice, rather not at all for a moment.
    expect(room.data).toEqual({ n: 0, list: ['new', 'a'] })
    expect(await done).toMatchObject({ version: 4, values: [1] })
    await room.settled()
    expect(room.data).toEqual({ n: 1, list: ['new', 'A'] })
    expect(server.state.data).toEqual(room.data)
  })

  test('by a clock that is wrong is sent again by the time of the service, in time and not refused', async () => {
    const server = (await opened({ n: 0 })).server
    server.skewMs = 3 * 86_400_000
    const { room } = await opened(server)
    expect(await room.increment('/n', 1)).toMatchObject({ values: [1] })
    expect(edited(server, 'alice')).toHaveLength(1)
  })

  test('that the server cannot take now is sent until it can', async () => {
    const { room, server } = await opened({ n: 0 })
    let left = 2
    const { RuleError } = await import('../../shared/rules.ts')
    server.refusal = () => (left-- > 0 ? new RuleError('rate-limited', { retryAfterMs: 10 }) : null)
    expect(await room.increment('/n', 1)).toMatchObject({ values: [1] })
    expect(editsAt(server)).toHaveLength(3)
  })
})

describe('a room', () => {
  test('whose stream breaks goes on after the version that it has', async () => {
    const { room, server, link, changes } = await opened({ n: 0 })
    link.cut()
    server.edit('alice', { op: 'increment', path: '/n', by: 1 })
    server.edit('alice', { op: 'increment', path: '/n', by: 1 })
    await until(() => room.version === 4, { what: 'the events come' })
    expect(changes.flatMap(({ events }) => events)).toHaveLength(2)
    expect(changes.every(({ cause }) => cause === 'events')).toBe(true)
    expect(room.data).toEqual({ n: 2 })
  })

  test('without streams is asked for, and its own edits come with their replies', async () => {
    const { room, server, link } = await opened({ n: 0 })
    link.hasStreams = false
    link.cut()
    server.edit('alice', { op: 'increment', path: '/n', by: 1 })
    await until(() => room.version === 3, { what: 'the room is polled' })
    expect(await room.increment('/n', 1)).toMatchObject({ values: [2] })
    await room.settled()
    expect([room.data, room.version]).toEqual([{ n: 2 }, 4])
  })

  test('whose stream says nothing of what a reply announced asks for it', async () => {
    const { room, link } = await opened({ n: 0 })
    link.isHeld = true
    await room.increment('/n', 1)
    await until(() => room.version === 3, { what: 'the room is asked for' })
    expect(room.data).toEqual({ n: 1 })
  })
})
