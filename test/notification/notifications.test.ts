import { afterAll, describe, expect, test } from 'bun:test'
import type { Notification } from '../../shared/notification/schema.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { roomServer } from '../rooms/calls.ts'
import { linkOf, ROOMS_ENV } from '../rooms/streams.ts'

const { url, db } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const elsewhere = await spawnServer({ url, env: ROOMS_ENV })
const { notifications } = foyer.server.foyer

const tell = (user: string, id: string) => notifications.tell({ id, user, kind: 'friend.requested', from: 'somebody' })
/** What a stream brings, until it is stopped. */
const follow = (link: Awaited<ReturnType<typeof linkOf>>, input: { after?: number; lastEventId?: string } = {}) => {
  const heard: Notification[] = []
  const ids: string[] = []
  let isOpen = false
  const { unsubscribe } = link.client.notification.events.subscribe(input, {
    onStarted: () => (isOpen = true),
    onData: ({ id, data }) => {
      heard.push(data)
      ids.push(id)
    },
  })
  return { heard, ids, unsubscribe, opens: () => until(() => isOpen, { what: 'the stream' }) }
}

describe('notification.*', () => {
  test('are listed newest first, page by page, with the number of unread ones', async () => {
    const alice = await foyer.as('alice')
    for (const id of ['1', '2', '3', '4', '5']) await tell('alice', `alice ${id}`)
    const first = await alice.notification.list.query({ limit: 2 })
    expect(first).toMatchObject({ unread: 5, notifications: [{ id: 'alice 5' }, { id: 'alice 4', readAt: null }] })
    const second = await alice.notification.list.query({ limit: 2, before: first.next ?? undefined })
    expect(second.notifications.map(({ id }) => id)).toEqual(['alice 3', 'alice 2'])
    const { notifications: rest, next } = await alice.notification.list.query({ limit: 2, before: second.next ?? 0 })
    expect({ rest: rest.length, next }).toEqual({ rest: 1, next: null })
  })

  test('are marked as read: some, or all up to one; nobody else`s', async () => {
    const bob = await foyer.as('bob')
    for (const id of ['1', '2', '3', '4']) await tell('bob', `bob ${id}`)
    expect(await bob.notification.read.mutate({ ids: ['bob 4', 'alice 1'] })).toEqual({ unread: 3 })
    const all = (await bob.notification.list.query({})).notifications
    expect(await bob.notification.read.mutate({ upTo: all[2]?.cursor ?? 0 })).toEqual({ unread: 1 })
    const { notifications: now } = await bob.notification.list.query({})
    expect(now.map(({ readAt }) => readAt !== null)).toEqual([true, false, true, true])
    expect((await (await foyer.as('alice')).notification.list.query({})).unread).toBe(5)
  })

  test('are told once, however often', async () => {
    const carol = await foyer.as('carol')
    await Promise.all(Array.from({ length: 10 }, () => tell('carol', 'carol once')))
    expect(await carol.notification.list.query({})).toMatchObject({ unread: 1 })
  })

  test('come at once, through another process, each once and in order; a stream that was cut misses none', async () => {
    await using link = await linkOf(elsewhere.url, 'dave')
    const first = follow(link)
    await first.opens()
    await tell('dave', 'dave 0')
    await until(() => first.heard.length === 1, { what: 'the first' })
    first.unsubscribe()
    // Twenty at once meet at the unique index: they get places one after the other.
    await Promise.all(Array.from({ length: 20 }, (_, i) => tell('dave', `dave ${i + 1}`)))
    const second = follow(link, { lastEventId: first.ids[0] ?? '' })
    await until(() => second.heard.length === 20, { what: 'the others' })
    const cursors = second.heard.map(({ cursor }) => cursor)
    expect(cursors).toEqual(cursors.toSorted((a, b) => a - b))
    expect(new Set(second.heard.map(({ id }) => id)).size).toBe(20)
    second.unsubscribe()
  })

  test('do not begin again in an inbox that was swept', async () => {
    const erin = await foyer.as('erin')
    await tell('erin', 'erin 1')
    const before = (await erin.notification.list.query({})).notifications[0]?.cursor ?? 0
    await db.collection('notifications').deleteMany({ user: 'erin' })
    await tell('erin', 'erin 2')
    const after = (await erin.notification.list.query({})).notifications[0]?.cursor ?? 0
    expect(after).toBeGreaterThan(before)
  })

  test('refuse a foreign lastEventId', async () => {
    await using link = await linkOf(foyer.server.url, 'frank')
    const { promise, resolve } = Promise.withResolvers<unknown>()
    link.client.notification.events.subscribe({ lastEventId: 'x' }, { onError: resolve })
    expect(await promise).toMatchObject({ data: { rule: 'bad-request' } })
  })
})
