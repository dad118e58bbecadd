import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { startServer } from '../kit/server.ts'
import { bump, followFeed, linkOf, ROOMS_ENV, span } from './streams.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url, env: ROOMS_ENV })
const elsewhere = await spawnServer({ url, env: ROOMS_ENV })
const backend = await linkOf(server.url, 'backend', { role: 'service' })
const writer = await linkOf(elsewhere.url, 'writer')

const make = async (count: number) => {
  const made = await Promise.all(span(0, count).map(() => writer.client.room.create.mutate({ data: { n: 0 } })))
  return made.map(({ room }) => room)
}
const from = (rooms: readonly string[], version: number | null) =>
  Object.fromEntries(rooms.map((room) => [room, version]))

describe('room.feed', () => {
  test('brings a hundred rooms on one subscription, each in its own order, while another process writes', async () => {
    const rooms = await make(100)
    const heard = followFeed(backend.client, { rooms: from(rooms, null) })
    await heard.until(() => heard.snapshots().length === 100, 'a snapshot of each')
    for (const round of span(0, 5)) {
      await Promise.all(rooms.map((room) => bump(writer.client, room)))
      expect(round).toBeGreaterThan(0)
    }
    for (const room of rooms) await heard.reached(6, room)
    for (const room of rooms) {
      const after = heard.snapshots(room)[0]?.version ?? 0
      expect([room, heard.versions(room)]).toEqual([room, span(after, 6)])
    }
    expect([heard.ends, heard.ids]).toEqual([[], []])
    heard.unsubscribe()
  })

  test('resumed with the versions that the client has, misses nothing and repeats nothing', async () => {
    const rooms = await make(20)
    const heard = followFeed(backend.client, { rooms: from(rooms, 1) })
    await Promise.all(rooms.map((room) => bump(writer.client, room)))
    for (const room of rooms) await heard.reached(2, room)
    heard.unsubscribe()
    const had = Object.fromEntries(rooms.map((room) => [room, heard.versions(room).at(-1) ?? 1]))
    await Promise.all(rooms.flatMap((room) => span(0, 3).map(() => bump(writer.client, room))))
    const again = followFeed(backend.client, { rooms: had })
    for (const room of rooms) await again.reached(5, room)
    for (const room of rooms) {
      expect([...heard.versions(room), ...again.versions(room)]).toEqual(span(1, 5))
    }
    expect(again.snapshots()).toEqual([])
  })

  test.each(['is lost', 'drains'] as const)(
    'over a link that reconnects by itself when its server %s comes again from the first map; by their versions each event is heard once',
    async (loss) => {
      const first = await startServer({ url, env: ROOMS_ENV })
      let at = first.url
      await using link = await linkOf(() => at, 'backend', { role: 'service' })
      const [room = ''] = await make(1)
      const heard = followFeed(link.client, { rooms: { [room]: 1 } })
      await bump(writer.client, room)
      await heard.reached(2, room)
      at = server.url
      await (loss === 'drains' ? first.drain() : first.stop())
      await bump(writer.client, room)
      await heard.reached(3, room)
      expect(heard.versions()).toEqual([2, 2, 3])
      // What the docs of the procedure say to do.
      let known = 1
      const fresh = heard.events().filter(({ seq }) => seq > known && (known = seq) > 0)
      expect([fresh.map(({ seq }) => seq), heard.snapshots(), heard.ends]).toEqual([[2, 3], [], []])
      if (loss === 'drains') await first.stop()
    },
  )

  test('ends one room and not the others: a deleted one, one that never was, one that its user has left', async () => {
    const [deleted = '', left = '', stays = ''] = await make(3)
    const never = crypto.randomUUID()
    for (const room of [deleted, left, stays]) await backend.client.room.join.mutate({ room, as: 'member' })
    const heard = followFeed(backend.client, { rooms: from([deleted, left, stays, never], 2), as: 'member' })
    await writer.client.room.delete.mutate({ room: deleted, reason: 'done' })
    await backend.client.room.leave.mutate({ room: left, as: 'member' })
    await heard.until(() => heard.of('end').length === 3, 'three ends')
    await bump(writer.client, stays)
    await heard.reached(3, stays)
    const ends = Object.fromEntries(heard.of('end').map(({ room, rule }) => [room, rule]))
    expect(ends).toEqual({ [deleted]: 'room-gone', [left]: 'not-occupant', [never]: 'room-gone' })
    expect(heard.views(deleted)).toMatchObject([{ status: 'deleted', deleted: { reason: 'done' } }])
    expect([
      heard.events(left).map(({ type }) => type),
      heard.frames.filter(({ room }) => room === never).length,
    ]).toEqual([['occupant.left'], 1])
    expect(heard.ends).toEqual([])
    await writer.client.room.delete.mutate({ room: stays })
    await heard.ended()
    expect(heard.ends).toEqual(['complete'])
  })

  test('of no room is complete, and of more rooms than may be is refused', async () => {
    const none = followFeed(backend.client, { rooms: {} })
    const many = followFeed(backend.client, {
      rooms: from(
        span(0, 1_001).map(() => crypto.randomUUID()),
        null,
      ),
    })
    for (const heard of [none, many]) await heard.ended()
    expect([none.ends, many.ends]).toEqual([['complete'], ['bad-request']])
  })

  test('resumes a room beyond what is kept by one resync, beside others by their events', async () => {
    const [gone = '', kept = ''] = await make(2)
    for (const room of [gone, kept]) for (const _ of span(0, 4)) await bump(writer.client, room)
    await server.foyer.rooms.log.settle(gone)
    await server.foyer.store.log.events.deleteMany({ room: gone })
    const heard = followFeed(backend.client, { rooms: { [gone]: 2, [kept]: 2 } })
    for (const room of [gone, kept]) await heard.reached(5, room)
    expect(heard.snapshots().map(({ room, why, version }) => [room, why, version])).toEqual([[gone, 'resync', 5]])
    expect(heard.versions()).toEqual(span(2, 5))
  })
})
