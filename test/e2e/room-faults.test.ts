import { expect, test } from 'bun:test'
import type { RoomStateName, SeenEvent } from '../../client/room/types.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { startProxy } from '../kit/proxy.ts'
import { roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const fleet = await startFleet({ url: mongo, size: 1 })
const [server = ''] = fleet.servers().map(({ url }) => url)

/** Bob works undisturbed, alice behind what the test breaks. */
async function behind(url: string) {
  const bob = await createAs({ url: server, user: 'bob' }, { data: { n: 0, list: [] } })
  const alice = await openAs({ url, user: 'alice' }, bob.id)
  const states: RoomStateName[] = []
  const events: SeenEvent[] = []
  alice.on('state', ({ state }) => void states.push(state))
  alice.on('change', (change) => void (change.cause === 'events' && events.push(...change.events)))
  const level = async () => {
    await Promise.all([alice.settled(), bob.settled()])
    await until(() => alice.version === bob.version, { what: 'both have all' })
  }
  return { alice, bob, states, events, level }
}

const commandsOf = async (room: string) => {
  const { state, commands } = await roomLog(db, room)
  expect(new Set(commands).size).toBe(commands.length)
  return state
}

test.each(['reply', 'request'] as const)(
  'a %s of an edit is lost with its connection: it is done once, and its sender hears so',
  async (lose) => {
    await using proxy = await startTcpProxy(targetOf(server))
    const { alice, bob, level } = await behind(proxy.url)
    for (let nth = 1; nth <= 5; nth++) {
      const mark = `${lose}-${nth}`
      proxy.cut({ lose, text: mark })
      const [counted, appended] = await Promise.all([
        alice.edit([
          { op: 'increment', path: '/n', by: 1 },
          { op: 'set', path: '/mark', value: mark },
        ]),
        alice.append('/list', mark),
      ])
      expect(counted.values).toEqual([nth])
      expect(appended.version).toBe(counted.version + 1)
      expect(proxy.cuts()).toBe(nth)
      // What was done before its reply was lost is told so.
      expect(counted.replayed).toBe(lose === 'reply')
    }
    await level()
    expect(bob.data).toEqual(alice.data)
    expect((await commandsOf(bob.id)).data).toEqual(alice.data)
    expect(alice.data).toMatchObject({ n: 5, list: [1, 2, 3, 4, 5].map((nth) => `${lose}-${nth}`) })
  },
)

test('a stream that breaks again and again misses nothing and doubles nothing', async () => {
  await using proxy = await startTcpProxy(targetOf(server))
  const { alice, bob, events, level } = await behind(proxy.url)
  const before = alice.version
  for (let nth = 1; nth <= 30; nth++) {
    await bob.append('/list', nth)
    if (nth % 6 === 0) proxy.cutAll()
    if (nth % 10 === 0) alice.increment('/n')
  }
  await level()
  const log = await roomLog(db, bob.id)
  expect(log.state.data).toEqual(alice.data)
  expect(alice.data).toEqual({ n: 3, list: Array.from({ length: 30 }, (_, i) => i + 1) })
  expect(events.map(({ command }) => command)).toEqual(
    log.events.filter(({ seq }) => seq > before).map(({ command }) => command),
  )
})

test('where streams are blocked polls stand in for them, and edits go on', async () => {
  await using proxy = await startProxy(server)
  proxy.block(/room\.events/)
  const { alice, bob, states, level } = await behind(proxy.url)
  await bob.append('/list', 'b')
  expect(await alice.increment('/n', 5)).toMatchObject({ values: [5] })
  await until(() => proxy.seen.some((path) => path.includes('room.get')), { what: 'alice polls' })
  await until(() => JSON.stringify(alice.data) === '{"n":5,"list":["b"]}', { what: 'alice sees bob' })
  await bob.append('/list', 'c')
  await level()
  expect(alice.data).toEqual({ n: 5, list: ['b', 'c'] })
  expect(states.at(-1) ?? 'online').toBe('online')
  // The end is heard by polls, too.
  await bob.kick('alice', 'enough')
  await until(() => alice.state === 'ended', { what: 'alice is out' })
  expect((await commandsOf(bob.id)).data).toEqual(bob.data)
})
