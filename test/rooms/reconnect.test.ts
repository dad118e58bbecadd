import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { startServer } from '../kit/server.ts'
import { until } from '../kit/until.ts'
import { bump, followRoom, type Heard, linkOf, ROOMS_ENV, span } from './streams.ts'

const { url } = useDatabase(import.meta.path)
const elsewhere = await spawnServer({ url, env: ROOMS_ENV })
const writer = await linkOf(elsewhere.url, 'writer')
const start = (port = 0) => startServer({ url, env: ROOMS_ENV, port })

const make = async () => (await writer.client.room.create.mutate({ data: { n: 0 } })).room
/** Each version once and in order, whatever came between; and its id is its version. */
const isWhole = (heard: Heard, upTo: number) => {
  const ids = heard.of('events').map(({ version }) => String(version))
  expect([heard.versions(), heard.ids, heard.snapshots(), heard.ends]).toEqual([span(1, upTo), ids, [], []])
}
const open = async (server: { foyer: { metrics: { streams: { get(): Promise<{ values: { value: number }[] }> } } } }) =>
  (await server.foyer.metrics.streams.get()).values[0]?.value

describe('a stream through tRPC`s own links, while another process writes', () => {
  test('resumes each time that its WebSocket is cut: nothing lost, nothing twice', async () => {
    await using server = await start()
    const link = await linkOf(server.url, 'writer')
    const room = await make()
    const heard = followRoom(link.client, { room, after: 1, presence: true })
    await bump(writer.client, room)
    await heard.reached(2)
    for (const round of span(0, 20)) {
      const writes = span(0, 5).map(() => bump(writer.client, room))
      link.cut()
      await Promise.all(writes)
      // Sometimes the next cut comes while it connects.
      if (round % 3 > 0) await heard.reached(2 + round * 5)
    }
    await heard.reached(102)
    isWhole(heard, 102)
    heard.unsubscribe()
    await until(async () => (await open(server)) === 0, { what: 'no stream left open' })
  })

  test('resumes by server-sent events when its server is cut off and comes back', async () => {
    const first = await start()
    const link = await linkOf(first.url, 'writer', { transport: 'sse' })
    const room = await make()
    const heard = followRoom(link.client, { room, after: 1 })
    await bump(writer.client, room)
    await heard.reached(2)
    await first.stop()
    await Promise.all(span(0, 5).map(() => bump(writer.client, room)))
    await using second = await start(first.port)
    await heard.reached(7)
    await bump(writer.client, room)
    await heard.reached(8)
    isWhole(heard, 8)
    expect(second.port).toBe(first.port)
    heard.unsubscribe()
  })

  test.each(['sse', 'websocket'] as const)('resumes elsewhere over %s when its server drains', async (transport) => {
    const first = await start()
    let at = first.url
    const link = await linkOf(() => at, 'writer', { transport })
    const room = await make()
    const heard = followRoom(link.client, { room, after: 1, presence: true })
    await bump(writer.client, room)
    await heard.reached(2)
    const next = transport === 'websocket' ? await start() : null
    at = next?.url ?? at
    const drained = first.drain()
    await Promise.all(span(0, 5).map(() => bump(writer.client, room)))
    await drained
    await first.stop()
    await using second = next ?? (await start(first.port))
    await heard.reached(7)
    await bump(writer.client, room)
    await heard.reached(8)
    isWhole(heard, 8)
    expect(await open(second)).toBe(1)
    heard.unsubscribe()
  })

  test('goes on from its version at another process when its own is killed', async () => {
    const killed = await spawnServer({ url, env: ROOMS_ENV })
    await using other = await start()
    let at = killed.url
    const link = await linkOf(() => at, 'writer')
    const room = await make()
    const heard = followRoom(link.client, { room, after: 1 })
    await Promise.all(span(0, 5).map(() => bump(writer.client, room)))
    await heard.reached(6)
    at = other.url
    await killed.kill('SIGKILL')
    await Promise.all(span(0, 5).map(() => bump(writer.client, room)))
    await heard.reached(11)
    isWhole(heard, 11)
  })
})
