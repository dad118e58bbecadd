import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'
import { bump, followRoom, linkOf, ROOMS_ENV } from '../rooms/streams.ts'

const { url } = useDatabase(import.meta.path)

/**
 * tRPC's WebSocket link keeps the id of the last item, and forgets it with an item that has none: a frame of presence without an id
 * made the next resume begin where the subscription once began, and version 2 came twice.
 */
test('a frame of presence keeps the place of a WebSocket client in the log', async () => {
  const first = await startServer({ url, env: ROOMS_ENV })
  const elsewhere = await startServer({ url, env: ROOMS_ENV })
  const writer = await linkOf(elsewhere.url, 'alice')
  const { room } = await writer.client.room.create.mutate({ data: { n: 0 } })
  const link = await linkOf(first.url, 'alice')
  const heard = followRoom(link.client, { room, after: 1, presence: true })
  await bump(writer.client, room)
  await heard.reached(2)
  await writer.client.room.present.mutate({ room, conn: 'some-tab', state: { x: 1 } })
  const isShown = () => heard.of('presence').some(({ present }) => present.length > 0)
  await heard.until(isShown, 'the newest frame is one of presence')

  await first.drain()
  await first.stop()
  await using _second = await startServer({ url, env: ROOMS_ENV, port: first.port })
  await bump(writer.client, room)
  await heard.reached(3)
  expect([heard.versions(), heard.snapshots(), heard.ends]).toEqual([[2, 3], [], []])
  heard.unsubscribe()
  await elsewhere.stop()
})
