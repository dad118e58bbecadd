import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { serveOwn, socketClient } from '../server/own.ts'

const { url } = useDatabase(import.meta.path)

// What a generator throws passes by every middleware: a bug in a subscription left no trace, nor did open streams count.
test('a fault of ours in a subscription is logged once with its cause, over SSE and over WebSocket', async () => {
  await using server = await serveOwn({ url })
  const logged = () => server.logs.filter((line) => line.includes('the secret is 42'))
  await (await fetch(`${server.url}/trpc/broken`)).text()
  expect(logged()).toHaveLength(1)
  expect(JSON.parse(logged()[0] ?? '')).toMatchObject({ level: 50, procedure: 'broken', msg: 'subscription failed' })

  await using one = socketClient(server.url)
  const failures: unknown[] = []
  one.client.broken.subscribe(undefined, { onError: ({ data }) => failures.push(data?.rule) })
  await until(() => failures.length === 1, { what: 'the failure at the client' })
  expect([failures, logged().length]).toEqual([['internal'], 2])
  expect((await server.foyer.metrics.streams.get()).values).toMatchObject([{ value: 0 }])
})
