import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { bump, followRoom, linkOf, ROOMS_ENV, span } from './streams.ts'

const { url, db } = useDatabase(import.meta.path)
const server = await startServer({ url, env: ROOMS_ENV })
const owner = await linkOf(server.url, 'owner')
const guest = await linkOf(server.url, 'guest')
const service = await linkOf(server.url, 'backend', { role: 'service' })

/** A room of the owner with the guest in it. */
async function shared() {
  const { room } = await owner.client.room.create.mutate({ data: { n: 0 } })
  await guest.client.room.join.mutate({ room })
  return room
}
const types = (heard: ReturnType<typeof followRoom>) => heard.events().map(({ type }) => type)

describe('a stream ends with the event that takes its viewer`s right to read', () => {
  const cases = [
    ['leave', 'occupant.left', 'not-occupant', (room: string) => guest.client.room.leave.mutate({ room })],
    [
      'kick',
      'occupant.kicked',
      'not-occupant',
      (room: string) => owner.client.room.kick.mutate({ room, user: 'guest' }),
    ],
    ['ban', 'occupant.banned', 'banned', (room: string) => owner.client.room.ban.mutate({ room, user: 'guest' })],
  ] as const
  test.each(cases)('%s: hears %s, then %s, and nothing of what follows', async (_, last, rule, act) => {
    const room = await shared()
    await using listener = await linkOf(server.url, 'guest', { transport: 'sse' })
    const both = [followRoom(guest.client, { room, after: 0 }), followRoom(listener.client, { room, after: 0 })]
    for (const heard of both) await heard.reached(2)
    await Promise.all([act(room), bump(owner.client, room), bump(owner.client, room)])
    for (const heard of both) {
      await heard.ended()
      expect([types(heard).at(-1), heard.ends]).toEqual([last, [rule]])
      expect(heard.versions()).toEqual(span(0, heard.versions().length))
    }
  })

  test('the room`s loss by an owner who has no seat in it', async () => {
    const room = await shared()
    const heard = followRoom(owner.client, { room, after: 2 })
    await owner.client.room.leave.mutate({ room })
    await heard.reached(3)
    expect(heard.ends).toEqual([])
    await owner.client.room.transfer.mutate({ room, to: 'guest' })
    await heard.ended()
    expect([types(heard), heard.ends]).toEqual([['occupant.left', 'owner.changed'], ['not-occupant']])
  })

  test('the deletion: everybody hears of it, gets the tombstone, and the stream completes', async () => {
    const room = await shared()
    const both = [followRoom(guest.client, { room, after: 2 }), followRoom(service.client, { room, after: 2 })]
    await bump(guest.client, room)
    for (const heard of both) await heard.reached(3)
    await owner.client.room.delete.mutate({ room, reason: 'done' })
    for (const heard of both) {
      await heard.ended()
      expect([types(heard), heard.ends]).toEqual([['data.edited', 'room.deleted'], ['complete']])
      expect(heard.views()).toMatchObject([{ status: 'deleted', version: 4, deleted: { reason: 'done' } }])
    }
  })
})

test('an end inside of a document cuts it: what others did in the same write is not heard, not even after a return', async () => {
  // Commands that are sent at once become one document, but for the first, which departs alone.
  const cut = await until(
    async () => {
      const room = await shared()
      const heard = followRoom(guest.client, { room, after: 2 })
      const commands = span(0, 6).map(() => bump(owner.client, room))
      const kicked = owner.client.room.kick.mutate({ room, user: 'guest' })
      const returned = service.client.room.join.mutate({ room, as: 'guest' }).catch(() => {})
      await Promise.all([...commands, kicked, bump(owner.client, room), returned])
      await heard.ended()
      const { version } = await kicked
      const doc = await db
        .collection('events')
        .findOne({ room, seq: { $lt: version }, $expr: { $gt: [{ $add: ['$seq', '$n'] }, version + 1] } })
      return doc !== null && { heard, version }
    },
    { what: 'a document with the kick in its middle', deadlineMs: 20_000 },
  )
  expect(cut.heard.versions()).toEqual(span(2, cut.version))
  expect([types(cut.heard).at(-1), cut.heard.ends]).toEqual(['occupant.kicked', ['not-occupant']])
})

describe('a service`s stream', () => {
  test('is not ended by membership; with a user`s name it is that user`s', async () => {
    const room = await shared()
    const heard = followRoom(service.client, { room, after: 2 })
    const named = followRoom(service.client, { room, as: 'guest', after: 2 })
    await bump(owner.client, room)
    for (const one of [heard, named]) await one.reached(3)
    await owner.client.room.kick.mutate({ room, user: 'guest' })
    await owner.client.room.ban.mutate({ room, user: 'backend' })
    await bump(owner.client, room)
    await heard.reached(6)
    expect([types(heard), heard.ends]).toEqual([
      ['data.edited', 'occupant.kicked', 'occupant.banned', 'data.edited'],
      [],
    ])
    expect([types(named), named.ends]).toEqual([['data.edited', 'occupant.kicked'], ['not-occupant']])
  })
})

describe('a token that runs out', () => {
  test('ends its streams by itself, and before the next frame, with `unauthorized`', async () => {
    const room = await shared()
    await using brief = await linkOf(server.url, 'guest', { seconds: 2 })
    const heard = followRoom(brief.client, { room, after: 2 })
    const feed = brief.client
    await bump(owner.client, room)
    await heard.reached(3)
    await heard.ended()
    await bump(owner.client, room)
    const other = followRoom(owner.client, { room, after: 3 })
    await other.reached(4)
    expect([heard.versions(), heard.ends]).toEqual([[3], ['unauthorized']])
    await expect(feed.room.get.query({ room })).rejects.toMatchObject({ data: { rule: 'unauthorized' } })
  })
})

describe('a stream that may not begin', () => {
  test('says why: never a room, no seat in it, banned from it, another`s name', async () => {
    const room = await shared()
    await using stranger = await linkOf(server.url, 'stranger')
    const rule = async (input: Parameters<typeof followRoom>[1]) => {
      const heard = followRoom(stranger.client, input)
      await heard.ended()
      expect(heard.frames).toEqual([])
      return heard.ends
    }
    expect(await rule({ room: crypto.randomUUID() })).toEqual(['room-gone'])
    expect(await rule({ room, after: 0 })).toEqual(['not-occupant'])
    expect(await rule({ room, as: 'owner' })).toEqual(['forbidden'])
    await owner.client.room.ban.mutate({ room, user: 'stranger' })
    expect(await rule({ room })).toEqual(['banned'])
  })

  test('leaves nobody watching: the room is forgotten when nobody uses it', async () => {
    const room = await shared()
    await using stranger = await linkOf(server.url, 'stranger')
    const refused = followRoom(stranger.client, { room })
    const heard = followRoom(guest.client, { room })
    await refused.ended()
    await heard.reached(2)
    heard.unsubscribe()
    // `settle` forgets a room that has no watcher.
    await until(
      async () => {
        const before = server.foyer.rooms.log.size()
        await server.foyer.rooms.log.settle(room)
        return server.foyer.rooms.log.size() < before
      },
      { what: 'a room without watchers' },
    )
  })
})
