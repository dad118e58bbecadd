import { expect, test } from 'bun:test'
import type { Rejected, RoomChange } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import { eventsIn } from '../kit/log-parts.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { roomLog } from '../kit/room-log.ts'
import { startServer } from '../kit/server.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { JWT_SECRET } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const server = await startServer({ url: mongo, env: { JWT_SECRET } })
const { url } = server

/** Alice goes offline, and meanwhile the events that she would resume after go out of retention. */
async function kit(data: Json) {
  const proxy = await startTcpProxy(targetOf(url))
  const bob = await createAs({ url, user: 'bob' }, { data })
  const alice = await openAs({ url: proxy.url, user: 'alice' }, bob.id)
  const changes: RoomChange<Json>[] = []
  const rejected: Rejected[] = []
  alice.on('change', (change) => void changes.push(change))
  alice.on('rejected', (one) => void rejected.push(one))
  await until(() => alice.version === bob.version, { what: 'bob hears of alice' })
  const goAway = async () => {
    proxy.aim(null)
    proxy.cutAll()
    await until(() => alice.state === 'offline', { what: 'alice is offline' })
  }
  /** What the worker does to events that are a day old: below a snapshot they go. */
  const forget = async () => {
    await bob.settled()
    await server.foyer.rooms.log.settle(bob.id)
    await eventsIn(db).deleteMany({ room: bob.id, seq: { $lte: bob.version } })
  }
  const comeBack = async () => {
    proxy.aim(targetOf(url))
    await Promise.all([alice.settled(), bob.settled()])
    await until(() => alice.version === bob.version && alice.state === 'online', { what: 'both have all' })
  }
  const dispose = () => proxy[Symbol.asyncDispose]()
  return { alice, bob, changes, rejected, goAway, forget, comeBack, [Symbol.asyncDispose]: dispose }
}

test('who comes back after its events are gone gets all of the room once, and then events again', async () => {
  await using room = await kit({ n: 0, list: [] })
  const { alice, bob, changes, goAway, forget, comeBack } = room
  await goAway()
  for (let i = 0; i < 5; i++) await bob.append('/list', i)
  await forget()
  await bob.increment('/n', 7)
  await comeBack()
  expect(changes.map(({ cause }) => cause)).toEqual(['resync'])
  expect(changes[0]?.events).toEqual([])
  expect([alice.data, bob.data]).toEqual([
    { n: 7, list: [0, 1, 2, 3, 4] },
    { n: 7, list: [0, 1, 2, 3, 4] },
  ])
  await bob.append('/list', 'after')
  await until(() => changes.length === 2, { what: 'the next event comes' })
  expect(changes[1]).toMatchObject({ cause: 'events', events: [{ by: 'bob', own: false }], version: alice.version })
})

test('edits that waited are done after the resync; of those by index, what is not sure any more is told', async () => {
  await using room = await kit({ n: 0, list: ['a', 'b'], cells: {} })
  const { alice, bob, changes, rejected, goAway, forget, comeBack } = room
  await goAway()
  const kept = [alice.increment('/n', 1), alice.set('/cells/x', 'mine'), alice.append('/list', 'end')]
  const outcome = alice.insert('/list', 1, 'unsure').then(
    () => 'done',
    ({ rule }) => rule,
  )
  await bob.insert('/list', 0, 'first')
  await bob.increment('/n', 100)
  await forget()
  await comeBack()
  expect(changes.filter(({ cause }) => cause === 'resync')).toHaveLength(1)
  expect((await Promise.all(kept)).map(({ values }) => values)).toEqual([[101], [], []])
  const told = await outcome
  const list = told === 'done' ? ['first', 'a', 'unsure', 'b', 'end'] : ['first', 'a', 'b', 'end']
  if (told !== 'done') expect(told).toBe('stale-index')
  expect(rejected.map(({ error }) => error.rule)).toEqual(told === 'done' ? [] : ['stale-index'])
  expect([alice.data, bob.data]).toEqual([
    { n: 101, list, cells: { x: 'mine' } },
    { n: 101, list, cells: { x: 'mine' } },
  ])
})

test('a room that was deleted meanwhile is over for who comes back', async () => {
  await using room = await kit({ n: 0 })
  const { alice, bob, goAway, comeBack } = room
  await goAway()
  const waited = alice.increment('/n').then(
    () => 'done',
    ({ rule }) => rule,
  )
  await bob.destroy('over')
  const ends: unknown[] = []
  alice.on('ended', (end) => void ends.push(end))
  comeBack().catch(() => {})
  await until(() => alice.state === 'ended', { what: 'alice hears the end' })
  expect(ends).toMatchObject([{ why: 'deleted' }])
  // It was on its way when the server went: whether it arrived before the room's end, the end may not tell.
  expect(['aborted', 'room-gone']).toContain(await waited)
  expect((await roomLog(db, bob.id)).state).toMatchObject({ data: null, deleted: { reason: 'over' } })
})
