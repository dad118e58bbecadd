import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { emit, serveOwn, socketClient } from '../server/own.ts'

const { url } = useDatabase(import.meta.path)

// An error ends a subscription for good over a WebSocket, retryable or not: `shutting-down` reached the client there before
// it could move to another connection, and it never came back.
test('a drain does not end a WebSocket`s subscriptions: the connection is closed, and the client resumes', async () => {
  const server = await serveOwn({ url })
  await using one = socketClient(server.url)
  const ids: string[] = []
  const ends: unknown[] = []
  one.client.numbers.subscribe(
    {},
    {
      onData: ({ id }) => ids.push(id),
      onError: (error) => ends.push(error.data?.rule ?? error.message),
      onComplete: () => ends.push('complete'),
    },
  )
  emit()
  await until(() => ids.length > 0, { what: 'an item' })
  await server.drain()
  await until(() => one.socket.connection?.state !== 'open', { what: 'the connection closed' })
  expect(ends).toEqual([])
})
