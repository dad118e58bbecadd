import { expect, test } from 'bun:test'
import type { Rejected, RoomChange, RoomStateName } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { spawnServer } from '../kit/processes.ts'
import { roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { JWT_SECRET } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
// With its limits of commands a second: a queue that is sent must keep within them.
const { url: server } = await spawnServer({ url: mongo, env: { JWT_SECRET } })

/** Alice behind a proxy that can be away, Bob undisturbed. */
async function kit(data: Json, queue?: { max: number }) {
  const proxy = await startTcpProxy(targetOf(server))
  const bob = await createAs({ url: server, user: 'bob' }, { data })
  const alice = await openAs({ url: proxy.url, user: 'alice' }, bob.id, { queue })
  const states: RoomStateName[] = []
  const rejected: Rejected[] = []
  const changes: RoomChange<Json>[] = []
  alice.on('state', ({ state }) => void states.push(state))
  alice.on('rejected', (one) => void rejected.push(one))
  alice.on('change', (change) => void changes.push(change))
  await until(() => alice.version === bob.version, { what: 'bob hears of alice' })
  const goAway = async () => {
    proxy.aim(null)
    proxy.cutAll()
    await until(() => alice.state === 'offline', { what: 'alice knows that the server is away' })
  }
  const comeBack = async () => {
    proxy.aim(targetOf(server))
    await Promise.all([alice.settled(), bob.settled()])
    await until(() => alice.version === bob.version, { what: 'both have all' })
  }
  const dispose = () => proxy[Symbol.asyncDispose]()
  return { proxy, alice, bob, states, rejected, changes, goAway, comeBack, [Symbol.asyncDispose]: dispose }
}

test('200 edits of an outage are kept, shown, and done in their order, once', async () => {
  await using room = await kit({ n: 0, list: [] })
  const { alice, bob, states, rejected, goAway, comeBack } = room
  await goAway()
  const list = Array.from({ length: 100 }, (_, i) => i)
  // Five of a kind go in one command, so that order and gathering both matter.
  const turns = Array.from({ length: 20 }, (_, turn) => list.slice(turn * 5, turn * 5 + 5))
  const edits = turns.flatMap((five) => [
    ...five.map((i) => alice.append('/list', i)),
    ...five.map(() => alice.increment('/n', 1)),
  ])
  expect(alice.pending).toBe(200)
  expect(alice.data).toEqual({ n: 100, list })
  expect(bob.data).toEqual({ n: 0, list: [] })
  const done = await Promise.all([comeBack(), ...edits]).then(([, ...replies]) => replies)
  expect(states).toEqual(['offline', 'online'])
  expect([alice.pending, rejected]).toEqual([0, []])
  const values = turns.flatMap((five) => [...five.map(() => []), ...five.map((i) => [i + 1])])
  expect(done.map((reply) => reply.values)).toEqual(values)
  const { state, commands } = await roomLog(db, bob.id)
  expect([state.data, bob.data]).toEqual([alice.data, { n: 100, list }])
  expect(new Set(commands).size).toBe(commands.length)
}, 15_000)

test('what others did meanwhile comes as events, and own edits by index are carried over it', async () => {
  for (const tries of [0, 0, 9]) {
    await using room = await kit({ n: 0, list: ['a', 'b', 'c'] })
    const { proxy, alice, bob, rejected, changes, goAway, comeBack } = room
    await goAway()
    // Several commands: numbers, and others, go apart.
    alice.insert('/list', 1, 'A1')
    alice.increment('/n', 1)
    alice.insert('/list', 3, 'A2')
    alice.increment('/n', 1)
    alice.replace('/list', 4, 'C')
    expect(alice.data).toEqual({ n: 2, list: ['a', 'A1', 'b', 'A2', 'C'] })
    await bob.insert('/list', 0, 'first')
    await bob.append('/list', 'last')
    // A long outage is no reason to take streams for blocked.
    await until(() => proxy.refused() >= tries, { what: 'alice has tried again and again', deadlineMs: 10_000 })
    await comeBack()
    expect(rejected).toEqual([])
    expect(alice.data).toEqual({ n: 2, list: ['first', 'a', 'A1', 'b', 'A2', 'C', 'last'] })
    expect(bob.data).toEqual(alice.data)
    expect(changes.filter(({ cause }) => cause === 'resync')).toEqual([])
    const { state, events } = await roomLog(db, bob.id)
    expect(state.data).toEqual(alice.data)
    const told = changes.filter(({ cause }) => cause === 'events').flatMap((change) => change.events)
    expect(told.map(({ command }) => command)).toEqual(events.slice(-told.length).map(({ command }) => command))
    expect(await alice.undo()).toBe(true)
    expect(alice.data).toEqual({ n: 2, list: ['first', 'a', 'A1', 'b', 'A2', 'c', 'last'] })
  }
}, 20_000)

test('a queue that is full takes no more, says so, and loses nothing that it took', async () => {
  await using room = await kit({ n: 0 }, { max: 3 })
  const { alice, bob, rejected, goAway, comeBack } = room
  await goAway()
  const taken = [1, 2, 3].map((by) => alice.increment('/n', by))
  const refused = await alice.increment('/n', 100).catch((error) => error)
  expect(refused).toMatchObject({ rule: 'queue-full', retryable: false, details: { limit: 3 } })
  expect(rejected.map(({ error }) => error)).toEqual([refused])
  expect(alice.data).toEqual({ n: 6 })
  await comeBack()
  expect((await Promise.all(taken)).map(({ values }) => values)).toEqual([[1], [3], [6]])
  expect(await alice.increment('/n', 100)).toMatchObject({ values: [106] })
  await comeBack()
  expect([bob.data, (await roomLog(db, bob.id)).state.data]).toEqual([{ n: 106 }, { n: 106 }])
})

test('an edit that others have made impossible is rejected after the outage, and the rest is done', async () => {
  await using room = await kit({ n: 0, cells: { a: 1 } })
  const { alice, bob, rejected, goAway, comeBack } = room
  await goAway()
  const [set, deleted, counted] = [alice.set('/cells/b', 2), alice.delete('/cells/a'), alice.increment('/n', 1)]
  const outcome = deleted.catch(({ rule }) => rule)
  await bob.delete('/cells/a')
  await comeBack()
  expect(await outcome).toBe('path-missing')
  expect(await set).toMatchObject({ replayed: false })
  expect(await counted).toMatchObject({ values: [1] })
  expect(rejected).toMatchObject([
    { operations: [{ op: 'delete', path: '/cells/a' }], error: { rule: 'path-missing' } },
  ])
  expect([alice.data, bob.data]).toEqual([
    { n: 1, cells: { b: 2 } },
    { n: 1, cells: { b: 2 } },
  ])
})
