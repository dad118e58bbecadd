import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { startServer } from '../kit/server.ts'
import { bump, followFeed, followRoom, type Heard, linkOf, ROOMS_ENV, ruleOf, span } from './streams.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url, env: ROOMS_ENV })
const elsewhere = await spawnServer({ url, env: ROOMS_ENV })
const owner = await linkOf(server.url, 'owner')
const guest = await linkOf(elsewhere.url, 'guest')
const EXPIRY_MS = server.foyer.env.PRESENCE_EXPIRY_MS
const { store } = server.foyer

async function shared() {
  const { room } = await owner.client.room.create.mutate({ data: { n: 0 } })
  await guest.client.room.join.mutate({ room })
  return room
}
/** Who is there, as a watcher was told so far. */
const seen = (heard: Heard) => {
  const here = new Map<string, Json>()
  for (const { all, present } of heard.of('presence')) {
    if (all) here.clear()
    for (const { user, conn, state } of present)
      if (state === null) here.delete(`${user} ${conn}`)
      else here.set(`${user} ${conn}`, state)
  }
  return Object.fromEntries(here)
}
const sees = (heard: Heard, here: Record<string, Json>) =>
  heard.until(() => Bun.deepEquals(seen(heard), here), `presence as ${JSON.stringify(here)}`)
/** It has heard who was there when it came. */
const begun = (heard: Heard) => heard.until(() => heard.of('presence').length > 0, 'the first presence')
const show = (room: string, conn: string, state: Json, link = guest) =>
  link.client.room.present.mutate({ room, conn, state })
/** An entry of another process, of some time ago. */
const renewedAgo = (room: string, ms: number, conn = 'silent-one') => {
  const at = new Date(store.clock.now().getTime() - ms)
  const doc = {
    _id: crypto.randomUUID(),
    room,
    user: 'guest',
    conn,
    state: '{"x":1}',
    at,
    purgeAt: new Date(at.getTime() + 60_000),
  }
  return store.presence.insert(doc).then(() => at.getTime())
}

describe('presence', () => {
  test('is seen by watchers on this and another process: all at the start, then what changes, null at once', async () => {
    const room = await shared()
    await show(room, 'tab-one-', { x: 1 })
    const both = [
      followRoom(owner.client, { room, presence: true }),
      followRoom(guest.client, { room, presence: true }),
    ]
    for (const heard of both) await sees(heard, { 'guest tab-one-': { x: 1 } })
    for (const heard of both) expect(heard.of('presence')[0]?.all).toBe(true)
    await show(room, 'tab-two-', { x: 2 }, owner)
    await show(room, 'tab-one-', { x: 3 })
    for (const heard of both) await sees(heard, { 'guest tab-one-': { x: 3 }, 'owner tab-two-': { x: 2 } })
    await show(room, 'tab-one-', null)
    for (const heard of both) await sees(heard, { 'owner tab-two-': { x: 2 } })
    expect(await owner.client.room.presence.query({ room })).toMatchObject([
      { user: 'owner', conn: 'tab-two-', state: { x: 2 } },
    ])
    // No place in the log, and none in its order.
    for (const heard of both) expect(heard.ids).toEqual(['2'])
  })

  test('is lost when it is not renewed: exactly at its expiry by mongod`s clock, on each process', async () => {
    const room = await shared()
    const both = [
      followRoom(owner.client, { room, presence: true }),
      followRoom(guest.client, { room, presence: true }),
    ]
    for (const heard of both) await begun(heard)
    const at = await renewedAgo(room, EXPIRY_MS - 1_500)
    const lost = both.map(async (heard) => {
      await sees(heard, { 'guest silent-one': { x: 1 } })
      await sees(heard, {})
      return store.clock.now().getTime() - at
    })
    for (const after of await Promise.all(lost)) {
      // Two processes estimate mongod's clock, each to the time of a round trip: on a busy machine that is long.
      expect(after).toBeGreaterThanOrEqual(EXPIRY_MS - 100)
      expect(after).toBeLessThan(10_000)
    }
  })

  test('that has expired is not shown to who comes then, though it is stored still; one that has not is', async () => {
    const room = await shared()
    await renewedAgo(room, EXPIRY_MS, 'expired-one')
    await renewedAgo(room, EXPIRY_MS - 3_000, 'standing-one')
    const heard = followRoom(owner.client, { room, presence: true })
    await begun(heard)
    expect(seen(heard)).toEqual({ 'guest standing-one': { x: 1 } })
    expect((await owner.client.room.presence.query({ room })).map(({ conn }) => conn)).toEqual(['standing-one'])
  })

  test('stays with renewals, of which watchers hear only when something has changed', async () => {
    const room = await shared()
    const heard = followRoom(owner.client, { room, presence: true })
    // Who comes while it is shown hears of the newest state only.
    await begun(heard)
    const { renewMs } = await show(room, 'same-tab', { x: 1 })
    expect(renewMs).toBe(EXPIRY_MS / 3)
    // Two states that follow one another at once may be told as one.
    await sees(heard, { 'guest same-tab': { x: 1 } })
    for (const _ of span(0, 5)) await show(room, 'same-tab', { x: 1 })
    await show(room, 'same-tab', { x: 2 })
    await sees(heard, { 'guest same-tab': { x: 2 } })
    expect(heard.of('presence').flatMap(({ present }) => present.map(({ state }) => state))).toEqual([
      { x: 1 },
      { x: 2 },
    ])
  })

  test('is over at once for who leaves, is kicked or banned, and an entry that is late does not bring it back', async () => {
    const room = await shared()
    const heard = followRoom(owner.client, { room, presence: true })
    for (const end of ['leave', 'kick', 'ban'] as const) {
      await show(room, 'last-tab', { end })
      await sees(heard, { 'guest last-tab': { end } })
      const began = performance.now()
      if (end === 'leave') await guest.client.room.leave.mutate({ room })
      else await owner.client.room[end].mutate({ room, user: 'guest' })
      await sees(heard, {})
      expect(performance.now() - began).toBeLessThan(EXPIRY_MS / 2)
      await renewedAgo(room, 0, 'last-tab')
      await show(room, 'own-tab-', { end }, owner)
      await sees(heard, { 'owner own-tab-': { end } })
      await show(room, 'own-tab-', null, owner)
      await sees(heard, {})
      if (end !== 'ban') await guest.client.room.join.mutate({ room })
    }
    expect(await ruleOf(show(room, 'last-tab', {}))).toBe('banned')
  })

  test('comes with a feed of rooms as well, and not to who did not ask for it', async () => {
    const rooms = [await shared(), await shared()]
    const heard = followFeed(owner.client, {
      rooms: Object.fromEntries(rooms.map((room) => [room, 2])),
      presence: true,
    })
    const deaf = followFeed(owner.client, { rooms: Object.fromEntries(rooms.map((room) => [room, 2])) })
    for (const room of rooms) await show(room, 'feed-tab', { room })
    await heard.until(
      () => rooms.every((room) => heard.of('presence', room).some(({ present }) => present.length > 0)),
      'both',
    )
    for (const room of rooms) await bump(owner.client, room)
    for (const room of rooms) await deaf.reached(3, room)
    expect(deaf.of('presence')).toEqual([])
  })

  test('is at most twenty frames a second, the newest of a connection, and holds no event back', async () => {
    const room = await shared()
    const heard = followRoom(owner.client, { room, presence: true })
    const began = performance.now()
    for (const x of span(0, 300)) {
      await show(room, 'fast-tab', { x }, owner)
      if (x % 30 === 0) await bump(owner.client, room)
    }
    const seconds = (performance.now() - began) / 1_000
    await sees(heard, { 'owner fast-tab': { x: 300 } })
    await heard.reached(12)
    expect(heard.of('presence').length).toBeLessThanOrEqual(Math.ceil(seconds * 20) + 3)
  })
})

describe('presence is refused', () => {
  test('to strangers, in a room that is gone, to a false name, and over its size', async () => {
    const room = await shared()
    const stranger = await linkOf(server.url, 'stranger')
    expect(await ruleOf(show(room, 'some-tab', {}, stranger))).toBe('not-occupant')
    expect(await ruleOf(show(crypto.randomUUID(), 'some-tab', {}))).toBe('room-gone')
    expect(await ruleOf(guest.client.room.present.mutate({ room, as: 'owner', conn: 'some-tab', state: {} }))).toBe(
      'forbidden',
    )
    const text = 'x'.repeat(LIMITS.room.presenceBytes - 2)
    await show(room, 'some-tab', text)
    await expect(show(room, 'some-tab', `${text}x`)).rejects.toMatchObject({
      data: { rule: 'limit-reached', limit: LIMITS.room.presenceBytes, what: 'presenceBytes' },
    })
    await owner.client.room.delete.mutate({ room })
    expect(await ruleOf(show(room, 'some-tab', {}))).toBe('room-gone')
  })

  test('to a service for a user who may not read the room', async () => {
    const room = await shared()
    const service = await linkOf(server.url, 'backend', { role: 'service' })
    const showAs = (as: string) => service.client.room.present.mutate({ room, as, conn: 'some-tab', state: {} })
    expect(await ruleOf(showAs('stranger'))).toBe('not-occupant')
    expect(await showAs('guest')).toMatchObject({ renewMs: EXPIRY_MS / 3 })
  })

  test('when it comes too often, by user, and commands have a measure of their own', async () => {
    await using limited = await startServer({
      url,
      env: { ...ROOMS_ENV, RATE_PER_USER: '1', RATE_BURST_PER_USER: '3' },
    })
    const one = await linkOf(limited.url, 'owner')
    const room = await shared()
    const rules = await Promise.all(span(0, 4).map(() => ruleOf(show(room, 'some-tab', {}, one))))
    expect(rules.filter((rule) => rule === 'rate-limited').length).toBe(1)
    await bump(one.client, room)
  })
})
