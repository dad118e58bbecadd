import { describe, expect, test } from 'bun:test'
import type { RoomEnd } from '../../client/room/types.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { roomLog } from '../kit/room-log.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const fleet = await startFleet({ url: mongo, size: 2 })
const [one = '', two = ''] = fleet.servers().map(({ url }) => url)
const service = { role: 'service' } as const

describe("an integrator's backend", () => {
  test('opens a room for a user of its own, who edits in it like any other', async () => {
    const alice = await createAs({ url: one, user: 'alice' }, { data: { n: 0 } })
    const carol = await openAs({ url: two, user: 'backend', token: service, as: 'carol' }, alice.id)
    expect(carol.user).toBe('carol')
    const done = carol.increment('/n', 5)
    expect(carol.data).toEqual({ n: 5 })
    expect((await done).values).toEqual([5])
    await until(() => alice.occupants.length === 2 && JSON.stringify(alice.data) === '{"n":5}', {
      what: 'alice sees it',
    })
    expect(alice.occupants).toEqual(['alice', 'carol'])
    const { events } = await roomLog(db, alice.id)
    expect(events.at(-1)).toMatchObject({ type: 'data.edited', by: 'carol' })
    expect(await carol.undo()).toBe(true)
    carol.present({ cursor: 1 })
    await until(() => alice.presence.some(({ user }) => user === 'carol'), { what: 'carol is present' })
  })

  test('makes a room that a user of its own owns', async () => {
    const room = await createAs(
      { url: one, user: 'backend', token: service, as: 'dave' },
      { data: { n: 1 }, capacity: 2 },
    )
    expect([room.user, room.owner, room.occupants, room.capacity]).toEqual(['dave', 'dave', ['dave'], 2])
    const dave = await openAs({ url: two, user: 'dave' }, room.id)
    await dave.increment('/n')
    await until(() => JSON.stringify(room.data) === '{"n":2}', { what: 'both handles of dave see it' })
  })

  test('watches without a seat, and may not edit without one', async () => {
    const alice = await createAs({ url: one, user: 'alice' }, { data: { n: 0 } })
    const watcher = await openAs({ url: two, user: 'backend', token: service }, alice.id, { join: false })
    await alice.increment('/n', 3)
    await until(() => JSON.stringify(watcher.data) === '{"n":3}', { what: 'the watcher sees it' })
    expect(watcher.occupants).toEqual(['alice'])
    expect(await watcher.increment('/n').catch(({ rule }) => rule)).toBe('not-occupant')
    expect(alice.data).toEqual({ n: 3 })
    await alice.destroy('done')
    await until(() => watcher.state === 'ended', { what: 'the watcher hears the end' })
  })

  test('has the rights of its user and no more: a kick ends the handle as it would the own one', async () => {
    const alice = await createAs({ url: one, user: 'alice' }, { data: { n: 0 } })
    const carol = await openAs({ url: two, user: 'backend', token: service, as: 'carol' }, alice.id)
    const ends: RoomEnd[] = []
    carol.on('ended', (end) => void ends.push(end))
    await alice.setMetadata({ open: true })
    await until(() => carol.metadata.open === true, { what: 'carol streams' })
    await alice.kick('carol', 'rude')
    await until(() => carol.state === 'ended', { what: 'carol is out' })
    expect(ends).toMatchObject([{ why: 'kicked', reason: 'rude' }])
    expect(await alice.kick('carol').catch(({ rule }) => rule)).toBe('no-such-occupant')
  })
})

test("a user's own token opens nothing for another user", async () => {
  const alice = await createAs({ url: one, user: 'alice' }, { data: {} })
  const open = openAs({ url: two, user: 'mallory', as: 'alice' }, alice.id)
  expect(await open.catch(({ rule }) => rule)).toBe('forbidden')
  expect((await roomLog(db, alice.id)).state.occupants).toEqual(['alice'])
})

test('a token that has run out, and has no successor, ends the handle as lost, and not the seat', async () => {
  const alice = await createAs({ url: one, user: 'alice' }, { data: { n: 0 } })
  const brief = await openAs({ url: two, user: 'bob', token: { seconds: 2 } }, alice.id)
  const ends: RoomEnd[] = []
  brief.on('ended', (end) => void ends.push(end))
  await until(() => brief.state === 'ended', { what: 'the token is over', deadlineMs: 8_000 })
  expect(ends).toMatchObject([{ why: 'lost', error: { rule: 'unauthorized' } }])
  // Bob is in the room all the same: only this handle is over.
  expect(alice.occupants).toEqual(['alice', 'bob'])
})

test.each(['http', 'websocket'] as const)(
  'over %s: several rooms and users of one process keep apart',
  async (transport) => {
    const rooms = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        createAs({ url: one, user: `owner-${name}`, transport }, { data: { name, list: [] } }),
      ),
    )
    const guests = await Promise.all(
      rooms.map(({ id }, nth) => openAs({ url: two, user: `guest-${nth}`, transport }, id)),
    )
    await Promise.all(
      guests.flatMap((guest, nth) => [guest.append('/list', nth), rooms[nth]?.append('/list', 'owner')]),
    )
    await until(() => rooms.every((room, nth) => room.version === guests[nth]?.version && room.version === 4), {
      what: 'all are level',
    })
    for (const [nth, room] of rooms.entries()) {
      expect(room.data).toEqual(guests[nth]?.data ?? null)
      expect(room.data).toMatchObject({ name: ['a', 'b', 'c'][nth] })
    }
  },
)
