import { expect, test } from 'bun:test'
import type { RoomStateName, SeenEvent } from '../../client/room/types.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { createAs, openAs } from '../kit/open-rooms.ts'
import { roomLog } from '../kit/room-log.ts'
import { startTcpProxy, targetOf } from '../kit/tcp-proxy.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const fleet = await startFleet({ url: mongo, size: 1 })
const [server = ''] = fleet.servers().map(({ url }) => url)

test('a WebSocket that is half open is given up, and what was sent on it is done once', async () => {
  await using proxy = await startTcpProxy(targetOf(server))
  const bob = await createAs({ url: server, user: 'bob' }, { data: { n: 0, list: [] } })
  const alice = await openAs({ url: proxy.url, user: 'alice', transport: 'websocket' }, bob.id)
  const states: RoomStateName[] = []
  const events: SeenEvent[] = []
  alice.on('state', ({ state }) => void states.push(state))
  alice.on('change', (change) => void (change.cause === 'events' && events.push(...change.events)))
  await alice.append('/list', 'before')
  await until(() => events.length === 1, { what: 'alice streams' })

  proxy.freeze()
  const began = performance.now()
  const lost = alice.append('/list', 'lost')
  await bob.increment('/n', 7)
  await lost
  await Promise.all([alice.settled(), bob.settled()])
  await until(() => alice.version === bob.version, { what: 'alice has all' })
  expect(performance.now() - began).toBeLessThan(9_500)
  expect(states).toEqual(['offline', 'online'])
  expect(alice.data).toEqual({ n: 7, list: ['before', 'lost'] })

  const log = await roomLog(db, bob.id)
  expect(log.state.data).toEqual(alice.data)
  expect(new Set(log.commands).size).toBe(log.commands.length)
  // All of it came as events of the log, each once.
  const last = log.events.slice(-events.length).map(({ command }) => command)
  expect(events.map(({ command }) => command)).toEqual(last)
  expect(events).toHaveLength(3)
})
