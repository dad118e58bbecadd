import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { bump, followRoom, linkOf, ROOMS_ENV, span } from './streams.ts'

const { url, db } = useDatabase(import.meta.path)
const server = await startServer({ url, env: ROOMS_ENV })
const owner = await linkOf(server.url, 'owner')

/** A room of one creation and as many edits, several of them in one document: they were sent at once. */
async function roomOf(edits: number) {
  const { room } = await owner.client.room.create.mutate({ data: { n: 0 } })
  await Promise.all(span(0, edits).map(() => bump(owner.client, room)))
  return room
}

describe('room.events', () => {
  test('after version k brings exactly k + 1 and on, also inside of a document of several events', async () => {
    const room = await roomOf(40)
    const docs = await db.collection('events').find({ room }).toArray()
    expect(docs.some(({ n }) => n > 2)).toBe(true)
    for (const k of span(0, 41)) {
      const heard = followRoom(owner.client, { room, after: k })
      if (k < 41) await heard.reached(41)
      expect([k, heard.versions(), heard.snapshots()]).toEqual([k, span(k, 41), []])
      heard.unsubscribe()
    }
  })

  test('without a version begins with all of the room, then brings what happens', async () => {
    const room = await roomOf(3)
    const heard = followRoom(owner.client, { room })
    await heard.reached(4)
    await bump(owner.client, room)
    await heard.reached(5)
    expect(heard.snapshots()).toMatchObject([{ why: 'start', version: 4, room }])
    expect(heard.views()).toMatchObject([{ status: 'live', version: 4, data: { n: 3 }, banned: [] }])
    expect([heard.versions(), heard.ids]).toEqual([[5], ['4', '5']])
    heard.unsubscribe()
  })

  test('of a room where nothing happens says nothing, and yet hears the first event', async () => {
    const room = await roomOf(0)
    const heard = followRoom(owner.client, { room, after: 1 })
    const other = followRoom(owner.client, { room })
    await other.reached(1)
    expect([heard.frames, heard.ends]).toEqual([[], []])
    await bump(owner.client, room)
    await heard.reached(2)
    expect(heard.versions()).toEqual([2])
  })

  test('after a version of the future, or a foreign one, brings one resync, and goes on from there', async () => {
    const room = await roomOf(2)
    const heard = followRoom(owner.client, { room, after: 1_000 })
    await heard.reached(3)
    await bump(owner.client, room)
    await heard.until((one) => one.versions().length === 1, 'the event after it')
    expect(heard.snapshots()).toMatchObject([{ why: 'resync', version: 3 }])
    expect(heard.versions()).toEqual([4])
  })

  test('after a version whose events are not kept any more brings one resync, and later ones all their events', async () => {
    const room = await roomOf(0)
    for (const _ of span(0, 9)) await bump(owner.client, room)
    await server.foyer.rooms.log.settle(room)
    await db.collection<{ room: string; seq: number }>('events').deleteMany({ room, seq: { $lte: 5 } })
    for (const k of span(-1, 9)) {
      const heard = followRoom(owner.client, { room, after: k })
      await heard.reached(10)
      expect([k, heard.snapshots().map(({ why, version }) => [why, version])]).toEqual([
        k,
        k < 5 ? [['resync', 10]] : [],
      ])
      expect(heard.versions()).toEqual(k < 5 ? [] : span(k, 10))
      heard.unsubscribe()
    }
  })

  test('of a deleted room replays the rest to its owner, then brings the tombstone, and completes', async () => {
    const room = await roomOf(3)
    await owner.client.room.delete.mutate({ room, reason: 'over' })
    const heard = followRoom(owner.client, { room, after: 2 })
    await heard.ended()
    expect(heard.versions()).toEqual([3, 4, 5])
    expect(heard.views()).toMatchObject([{ status: 'deleted', version: 5, deleted: { by: 'owner', reason: 'over' } }])
    expect(heard.frames.at(-1)).toMatchObject({ kind: 'snapshot', why: 'deleted', version: 5 })
    expect(heard.ends).toEqual(['complete'])
    const again = followRoom(owner.client, { room, after: 5 })
    await again.ended()
    expect([again.frames.length, again.views()[0]?.status, again.ends]).toEqual([1, 'deleted', ['complete']])
  })

  test('of a deleted room tells a stranger of its end, and nothing of what was in it', async () => {
    await using stranger = await linkOf(server.url, 'stranger')
    const room = await roomOf(3)
    await owner.client.room.delete.mutate({ room })
    const heard = followRoom(stranger.client, { room, after: 0 })
    await heard.ended()
    expect(heard.frames.map(({ kind }) => kind)).toEqual(['snapshot'])
    expect(heard.views()[0]?.status).toBe('deleted')
  })

  test('with a foreign lastEventId is refused', async () => {
    const room = await roomOf(0)
    for (const lastEventId of ['x', '-1', '1,5', '.5', '7.', '1e3', '99999999999999999999']) {
      const heard = followRoom(owner.client, { room, lastEventId })
      await heard.ended()
      expect([lastEventId, heard.ends]).toEqual([lastEventId, ['bad-request']])
    }
  })
})
