import { expect, test } from 'bun:test'
import type { RoomChange, RoomEnd } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { roomLog } from '../kit/room-log.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const fleet = await startFleet({ url: mongo, size: 2 })
const [one = '', two = ''] = fleet.servers().map(({ url }) => url)

/** Two users in one room, each on a server of their own. */
async function pair(data: Json = {}) {
  const alice = await createAs({ url: one, user: 'alice' }, { data })
  const bob = await openAs({ url: two, user: 'bob' }, alice.id)
  // Both stream: only so does a change of the other's come by itself.
  await alice.setMetadata({ open: true })
  await until(() => [alice, bob].every(({ metadata }) => metadata.open === true), { what: 'both stream' })
  const level = async () => {
    await Promise.all([alice.settled(), bob.settled()])
    await until(() => alice.version === bob.version, { what: 'both are at the same version' })
  }
  return { alice, bob, level }
}

test('own edits show at once, those of others on the other server as they happen', async () => {
  const { alice, bob, level } = await pair({ title: 'board', list: ['a'] })
  const done = alice.set('/title', 'ours')
  alice.append('/list', 'b')
  expect(alice.data).toEqual({ title: 'ours', list: ['a', 'b'] })
  expect(alice.pending).toBe(2)
  expect(bob.data).toEqual({ title: 'board', list: ['a'] })
  expect(await done).toMatchObject({ replayed: false, values: [] })
  await level()
  expect(bob.data).toEqual({ title: 'ours', list: ['a', 'b'] })
  expect(alice.data).toEqual(bob.data)
  expect([alice.pending, bob.pending]).toEqual([0, 0])
  expect(alice.occupants).toEqual(['alice', 'bob'])
})

test('edits that cross converge to what the log says', async () => {
  const { alice, bob, level } = await pair({ sum: 0, list: ['m'], cells: {} })
  for (let i = 0; i < 20; i++) {
    alice.insert('/list', 0, `a${i}`)
    bob.append('/list', `b${i}`)
    alice.increment('/sum', 1)
    bob.increment('/sum', 100)
    alice.set(`/cells/${i % 3}`, `a${i}`)
    bob.set(`/cells/${i % 3}`, `b${i}`)
    if (i % 5 === 0) await bob.settled()
  }
  await level()
  const { state } = await roomLog(db, alice.id)
  expect(state.data).toEqual(alice.data)
  expect(state.data).toEqual(bob.data)
  const list = Array.from({ length: 20 }, (_, i) => i)
  expect(state.data).toMatchObject({
    sum: 20 * 101,
    list: [...list.map((i) => `a${i}`).reverse(), 'm', ...list.map((i) => `b${i}`)],
  })
})

test('changes come in the order of the log, once, and tell what is own and what is pending', async () => {
  const { alice, bob, level } = await pair({ n: 0 })
  const changes: RoomChange<Json>[] = []
  alice.on('change', (change) => void changes.push(change))
  const before = alice.version
  await alice.increment('/n', 1)
  await bob.increment('/n', 10)
  await level()
  const { state, events } = await roomLog(db, alice.id)
  const told = changes.filter(({ cause }) => cause === 'events').flatMap((change) => change.events)
  const logged = events.filter(({ seq }) => seq > before)
  expect(told.map(({ own: _own, pending: _pending, ...event }) => event)).toEqual(
    logged.map(({ seq: _seq, ...event }) => event),
  )
  expect(told.map(({ by, own, pending }) => [by, own, pending])).toEqual([
    ['alice', true, false],
    ['bob', false, false],
  ])
  const [first] = changes
  expect(first).toMatchObject({ cause: 'edit', data: { n: 1 }, version: before })
  expect(first?.events).toMatchObject([{ type: 'data.edited', by: 'alice', own: true, pending: true }])
  // The same command: what was pending is found again in the log.
  expect(first?.events[0]?.command).toBe(told[0]?.command ?? 'none')
  expect(changes.at(-1)).toMatchObject({ data: { n: 11 }, version: state.seq })
})

test('who edits much gathers commands: the log has fewer of them than there were edits, and loses none', async () => {
  const { alice, bob, level } = await pair({ n: 0, last: 0 })
  const replies = await Promise.all(Array.from({ length: 100 }, () => alice.increment('/n', 1)))
  await level()
  expect(bob.data).toMatchObject({ n: 100 })
  expect(replies.map(({ values }) => values)).toEqual(Array.from({ length: 100 }, (_, i) => [i + 1]))
  expect((await roomLog(db, alice.id)).commands.length).toBeLessThan(20)
})

/** What ends bob's handle. */
const ENDINGS: [string, (kit: Awaited<ReturnType<typeof pair>>) => Promise<void>, Partial<RoomEnd>][] = [
  ['a kick', ({ alice }) => alice.kick('bob', 'rude'), { why: 'kicked', reason: 'rude' }],
  ['a ban', ({ alice }) => alice.ban('bob', 'spam'), { why: 'banned', reason: 'spam' }],
  ['the end of the room', ({ alice }) => alice.destroy('done'), { why: 'deleted', reason: 'done' }],
  ['leaving', ({ bob }) => bob.leave(), { why: 'left', reason: '' }],
  ['leaving in another tab', ({ bob }) => leaveElsewhere(bob.id), { why: 'left', reason: '' }],
  ['closing', async ({ bob }) => bob.close(), { why: 'closed', reason: '' }],
]
const leaveElsewhere = async (room: string) => (await openAs({ url: one, user: 'bob' }, room)).leave()

test.each(ENDINGS)('%s ends the handle, once, and says so', async (_, run, why) => {
  const kit = await pair({ n: 0 })
  const { bob, alice } = kit
  const ends: RoomEnd[] = []
  bob.on('ended', (over) => void ends.push(over))
  await run(kit)
  await until(() => bob.state === 'ended', { what: "bob's handle ends" })
  expect(ends).toMatchObject([why])
  expect(await bob.increment('/n').catch(({ rule }) => rule)).toBe('aborted')
  if (why.why === 'deleted') return expect(alice.state).toBe('ended')
  expect(alice.state).toBe('online')
  if (why.why === 'closed') return expect((await roomLog(db, bob.id)).state.occupants).toContain('bob')
  await until(() => alice.occupants.length === 1, { what: 'alice sees that bob is gone' })
})

test('a room that cannot be opened says why', async () => {
  const { alice } = await pair()
  const open = (user: string, room = alice.id) => openAs({ url: two, user }, room).catch(({ rule }) => rule)
  await alice.ban('eve')
  expect(await open('eve')).toBe('banned')
  expect(await open('eve', crypto.randomUUID())).toBe('room-gone')
  const small = await createAs({ url: one, user: 'alice' }, { capacity: 1 })
  expect(await open('bob', small.id)).toBe('room-full')
  await alice.destroy()
  expect(await open('bob')).toBe('room-gone')
})
