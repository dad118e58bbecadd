import { describe, expect, test } from 'bun:test'
import { RuleError } from '../../shared/rules.ts'
import { until } from '../kit/until.ts'
import { FakeLink, FakeServer } from './fake-room.ts'
import { editsAt, opened, openedBy, sent } from './opened-room.ts'

const settledAs = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { rule?: string }) => error.rule,
  )
const isOver = (room: { state: string }) => until(() => room.state === 'ended', { what: 'the end' })

/** Bob's room, and three of his edits: one that is on its way, one that waits, and what comes after the end. */
async function ending(end: (server: FakeServer, link: FakeLink) => void) {
  const { server } = await opened({ n: 0 })
  const bob = await opened(server, { user: 'bob' })
  bob.link.fate = ({ path }) => (path === 'edit' ? 'lose-request' : 'pass')
  const all = [bob.room.increment('/n', 1)].map(settledAs)
  await until(() => bob.room.pending === 1, { what: 'it waits' })
  bob.room.setIfAbsent('/own', 1)
  all.push(settledAs(bob.room.set('/text', 'mine')))
  all.push(settledAs(bob.room.settled()))
  all.push(settledAs(bob.room.transact((_, tx) => tx.set('/n', 1))))
  end(server, bob.link)
  await isOver(bob.room)
  all.push(settledAs(bob.room.increment('/n', 1)))
  const rules = await Promise.all(all)
  await until(() => server.readers <= 1, { what: 'the stream is closed' })
  return { ...bob, rules }
}

describe('a room that is over', () => {
  test('since it was deleted', async () => {
    const { ends, rules } = await ending((server) => server.run('alice', { type: 'delete', reason: 'done' }))
    expect(ends).toEqual([{ why: 'deleted', reason: 'done' }])
    expect(rules).toEqual(['aborted', 'room-gone', 'aborted', 'aborted', 'aborted'])
  })

  test('since this user was kicked', async () => {
    const { ends, rules } = await ending((server) => server.run('alice', { type: 'kick', user: 'bob', reason: 'rude' }))
    expect(ends).toEqual([{ why: 'kicked', reason: 'rude' }])
    expect(rules).toEqual(['aborted', 'not-occupant', 'aborted', 'aborted', 'aborted'])
  })

  test('since this user was banned', async () => {
    const { ends, rules } = await ending((server) => server.run('alice', { type: 'ban', user: 'bob', reason: 'spam' }))
    expect(ends).toEqual([{ why: 'banned', reason: 'spam' }])
    expect(rules).toEqual(['aborted', 'banned', 'aborted', 'aborted', 'aborted'])
  })

  test('since this user left elsewhere', async () => {
    const { ends, rules } = await ending((server) => server.run('bob', { type: 'leave' }))
    expect(ends).toEqual([{ why: 'left', reason: '' }])
    expect(rules).toEqual(['aborted', 'not-occupant', 'aborted', 'aborted', 'aborted'])
  })

  test('since the server does not take the token any more', async () => {
    const { ends, rules } = await ending((server, link) => {
      server.refusal = () => new RuleError('unauthorized')
      link.fate = () => 'pass'
    })
    expect(ends).toMatchObject([{ why: 'lost', error: { rule: 'unauthorized' } }])
    expect(rules).toEqual(['unauthorized', 'unauthorized', 'aborted', 'aborted', 'aborted'])
  })

  test('by close: what was on its way settles, also what is in the log already', async () => {
    const { room, server, link, ends } = await opened({ n: 0 })
    link.holdReplies()
    const landed = room.increment('/n', 1)
    await until(() => room.version === 3, { what: 'its event comes' })
    const waiting = room.set('/m', 1)
    room.close()
    room.close()
    expect(ends).toEqual([{ why: 'closed', reason: '' }])
    expect(await Promise.all([landed, waiting].map(settledAs))).toEqual(['aborted', 'aborted'])
    expect([room.state, room.data]).toEqual(['ended', { n: 1, m: 1 }])
    expect([await room.undo(), await room.redo()]).toEqual([false, false])
    expect(server.readers).toBe(0)
    expect(editsAt(server)).toHaveLength(1)
  })

  test('by leave goes after the own edits', async () => {
    const { server } = await opened({ n: 0 })
    const bob = await opened(server, { user: 'bob' })
    const done = bob.room.increment('/n', 1)
    await bob.room.leave()
    expect(await done).toMatchObject({ values: [1] })
    expect(bob.ends).toMatchObject([{ why: 'left' }])
    expect(server.state.occupants).toEqual(['alice'])
    expect(server.state.data).toEqual({ n: 1 })
  })

  test('by leave goes after edits that were refused together and went one by one', async () => {
    const { server } = await opened({ n: 0 })
    const bob = await opened(server, { user: 'bob' })
    let left = 1
    server.refusal = (_, command) => (command.type === 'edit' && left-- > 0 ? new RuleError('too-large') : null)
    const done = [bob.room.set('/a', 1), bob.room.set('/b', 2)]
    await bob.room.leave()
    expect(await Promise.all(done.map(settledAs))).toEqual(['done', 'done'])
    expect(server.state.data).toEqual({ n: 0, a: 1, b: 2 })
  })

  test('by destroy is over for all', async () => {
    const { room, server, ends } = await opened({ n: 0 })
    const bob = await opened(server, { user: 'bob' })
    await room.destroy('enough')
    await isOver(bob.room)
    expect([ends, bob.ends]).toEqual([[{ why: 'deleted', reason: 'enough' }], [{ why: 'deleted', reason: 'enough' }]])
    await expect(openedBy(new FakeLink(server, 'carol'), {})).rejects.toMatchObject({ rule: 'room-gone' })
  })

  test('for who may not see the room is told so by whatever is asked first', async () => {
    const { server } = await opened({ n: 0 })
    const bob = await opened(server, { user: 'bob' })
    bob.link.isHeld = true
    const done = bob.room.increment('/n', 1)
    await sent(server)
    await done
    // The event is never heard; the room is asked for, and not shown.
    server.run('alice', { type: 'kick', user: 'bob', reason: '' })
    await isOver(bob.room)
    expect(bob.ends).toMatchObject([{ why: 'left', error: { rule: 'not-occupant' } }])
    expect(bob.rejected).toEqual([])
  })
})

describe('opening', () => {
  test('that is aborted leaves nothing open', async () => {
    const server = new FakeServer({ n: 0 })
    const abort = new AbortController()
    const link = new FakeLink(server, 'alice')
    link.isUp = false
    const opening = openedBy(link, { signal: abort.signal })
    abort.abort()
    await expect(opening).rejects.toMatchObject({ rule: 'aborted' })
    expect(server.readers).toBe(0)
  })

  test('is refused to who is banned, and to who has no seat and wants none', async () => {
    const { server } = await opened({ n: 0 })
    server.run('alice', { type: 'ban', user: 'bob', reason: '' })
    await expect(openedBy(new FakeLink(server, 'bob'))).rejects.toMatchObject({ rule: 'banned' })
    await expect(openedBy(new FakeLink(server, 'carol'), { join: false })).rejects.toMatchObject({
      rule: 'not-occupant',
    })
    expect(server.readers).toBe(1)
  })
})
