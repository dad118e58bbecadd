import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { LIMITS } from '../../shared/limits.ts'
import { backendOf } from '../kit/followed.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'
import { ROOMS_ENV, span } from '../rooms/streams.ts'

const { url: mongo } = useDatabase(import.meta.path)
const server = await startServer({ url: mongo, env: ROOMS_ENV })
const { url } = server

const streams = async () => (await server.foyer.metrics.streams.get()).values[0]?.value
const make = async (count: number) => {
  using backend = await backendOf(url)
  const made = await Promise.all(span(0, count).map(() => backend.rooms.as('owner').create({ data: { n: 0 } })))
  return made.map(({ room }) => room)
}

describe('connectRooms', () => {
  test('acts for users with their rights, and as itself with an owner`s', async () => {
    using backend = await backendOf(url)
    const { rooms } = backend
    const [ann, ben] = [rooms.as('ann'), rooms.as('ben')]
    const { room, version } = await ann.create({
      data: { score: 1, names: ['a'] },
      capacity: 2,
      metadata: { of: 'test' },
    })
    expect(version).toBe(1)
    const refused = (sent: Promise<unknown>) => sent.then(() => null).catch(({ rule }) => rule)
    expect(await refused(ben.edit(room, [{ op: 'set', path: '/score', value: 2 }]))).toBe('not-occupant')
    await ben.join(room)
    expect(await refused(rooms.as('cem').join(room))).toBe('room-full')
    expect(await refused(ben.kick(room, 'ann'))).toBe('not-owner')
    const schema = z.object({ score: z.number(), names: z.array(z.string()) })
    expect(await ben.edits(room, schema).increment('/score', 4)).toMatchObject({ values: [5] })
    await ann.edits(room, schema).append('/names', 'b')
    // @ts-expect-error a score is a number
    await ann.edits(room, schema).set('/score', 'much')
    const late = ben.edit(room, [{ op: 'set', path: '/score', value: 0 }], { ifVersion: 2 })
    await expect(late).rejects.toMatchObject({ rule: 'version-conflict', details: { version: 5 } })
    await ann.transfer(room, 'ben')
    await ben.setMetadata(room, { of: 'ben' })
    await rooms.ban(room, 'ann', { reason: 'enough' })
    expect(await refused(ann.join(room))).toBe('banned')
    await rooms.unban(room, 'ann')
    await ann.join(room)
    await ben.leave(room)
    const view = await rooms.get(room)
    expect(view).toMatchObject({ owner: 'ben', occupants: ['ann'], metadata: { of: 'ben' } })
    expect((await ann.list()).rooms.map((one) => one.room)).toEqual([room])
    await ben.destroy(room, { reason: 'done' })
    expect(await rooms.get(room)).toMatchObject({ status: 'deleted', deleted: { reason: 'done' } })
  })

  test('follows and unfollows at any moment, and knows up to where', async () => {
    const [one = '', two = ''] = await make(2)
    using backend = await backendOf(url)
    const { rooms } = backend
    const bump = (room: string) => rooms.as('owner').edits(room).increment('/n')
    rooms.follow(one)
    rooms.follow(two, { after: 1 })
    expect(rooms.versions).toEqual({ [one]: null, [two]: 1 })
    await until(() => rooms.versions[one] === 1, { what: 'the first room' })
    await Promise.all([bump(one), bump(two)])
    await backend.reached([one, two], 2)
    expect(rooms.unfollow(one)).toBe(2)
    await Promise.all([bump(one), bump(two)])
    await backend.reached([two], 3)
    expect(rooms.versions).toEqual({ [two]: 3 })
    rooms.follow(one, { after: 2 })
    await bump(one)
    await backend.reached([one], 4)
    expect([backend.versionsOf(one), backend.versionsOf(two)]).toEqual([span(1, 4), span(1, 3)])
    expect(backend.snapshots.map(({ room, why, version }) => [room, why, version])).toEqual([[one, 'start', 1]])
    rooms.unfollow(one)
    rooms.unfollow(two)
    await until(async () => (await streams()) === 0, { what: 'no stream is left' })
    expect(rooms.unfollow(one)).toBeNull()
  })

  test('is told of the end of a room, with its tombstone, and of one that never was', async () => {
    const [deleted = ''] = await make(1)
    const never = crypto.randomUUID()
    using backend = await backendOf(url, { rooms: { [deleted]: 1, [never]: 3 } })
    await until(() => backend.ends.length === 1, { what: 'the first end' })
    await backend.rooms.destroy(deleted, { reason: 'done' })
    await until(() => backend.ends.length === 2, { what: 'both ends' })
    expect(backend.ends).toMatchObject([
      { room: never, rule: 'room-gone', deleted: null },
      { room: deleted, rule: 'room-gone', deleted: { reason: 'done' } },
    ])
    expect([backend.versionsOf(deleted), backend.rooms.versions]).toEqual([[2], {}])
    using late = await backendOf(url, { rooms: { [deleted]: 2 } })
    await until(() => late.ends.length === 1, { what: 'the end again' })
    expect(late.ends[0]).toMatchObject({ room: deleted, deleted: { reason: 'done' } })
  })

  test('follows any number of rooms, followed one by one, on few subscriptions', async () => {
    const ids = await make(300)
    using backend = await backendOf(url)
    for (const [nth, room] of ids.entries()) {
      backend.rooms.follow(room, { after: 0 })
      if (nth % 10 === 0) await Bun.sleep(0)
    }
    await backend.reached(ids, 1)
    for (const room of ids) expect(backend.versionsOf(room)).toEqual([1])
    await until(async () => ((await streams()) ?? 0) < 13, { what: 'small subscriptions are gathered' })
    expect(backend.snapshots).toEqual([])
  })
})

describe('what waits', () => {
  test('goes out in frames that the server takes, however much it is', async () => {
    const [room = ''] = await make(1)
    await using proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port })
    using backend = await backendOf(proxy.url)
    const { rooms } = backend
    await rooms.get(room)
    proxy.aim(null)
    proxy.cutAll()
    const text = 'x'.repeat(2_000)
    const sent = span(0, 400).map((n) =>
      rooms.as('owner').edit(room, [
        { op: 'increment', path: '/n', by: 1 },
        { op: 'set', path: '/text', value: text + n },
      ]),
    )
    rooms.follow(room, { after: 1 })
    await until(() => rooms.state === 'offline', { what: 'it is offline' })
    proxy.aim({ host: '127.0.0.1', port: server.port })
    await Promise.all(sent)
    await backend.reached([room], 401)
    expect(backend.versionsOf(room)).toEqual(span(1, 401))
    expect(await rooms.get(room)).toMatchObject({ version: 401, data: { n: 400 } })
    // A frame that is too large would have cost the connection.
    expect(backend.states).toEqual(['offline', 'online'])
  })

  test('is bounded in number and in size', async () => {
    const [room = ''] = await make(1)
    using backend = await backendOf('http://127.0.0.1:1', { queue: { max: 3 } })
    const stop = new AbortController()
    const waiting = Promise.allSettled(span(0, 3).map(() => backend.rooms.get(room, { signal: stop.signal })))
    await expect(backend.rooms.get(room)).rejects.toMatchObject({ rule: 'queue-full', details: { limit: 3 } })
    stop.abort()
    expect(await waiting).toMatchObject(span(0, 3).map(() => ({ reason: { rule: 'aborted' } })))
    const value = 'x'.repeat(LIMITS.bodyBytes)
    const large = backend.rooms.as('owner').edits(room).set('/x', value)
    await expect(large).rejects.toMatchObject({ rule: 'too-large', details: { limit: LIMITS.bodyBytes } })
  })
})

describe('its token', () => {
  test('that is refused twice ends it, and all that waits', async () => {
    const [room = ''] = await make(1)
    using backend = await backendOf(url, { token: 'nonsense' })
    const ended: unknown[] = []
    backend.rooms.on('ended', (end) => void ended.push(end))
    backend.rooms.follow(room)
    const asked = await Promise.allSettled(span(0, 10).map(() => backend.rooms.get(room)))
    expect(asked).toMatchObject(span(0, 10).map(() => ({ reason: { rule: 'aborted' } })))
    expect(ended).toMatchObject([{ error: { rule: 'unauthorized' } }])
    expect(backend.rooms.state).toBe('ended')
  })

  test('is asked for anew when it has run out, and nothing is missed', async () => {
    const [room = ''] = await make(1)
    let asked = 0
    const token = () => tokenOf('backend', { role: 'service', seconds: ++asked === 1 ? 1 : 3_600 })
    using backend = await backendOf(url, { token })
    using writer = await backendOf(url)
    backend.rooms.follow(room, { after: 1 })
    const bump = () => writer.rooms.as('owner').edits(room).increment('/n')
    for (let n = 0; asked < 2; n++) {
      await bump()
      await backend.reached([room], 2 + n)
    }
    const { version } = await backend.rooms.as('owner').edits(room).increment('/n')
    await backend.reached([room], version)
    expect([backend.versionsOf(room), backend.snapshots, asked]).toEqual([span(1, version), [], 2])
  })
})
