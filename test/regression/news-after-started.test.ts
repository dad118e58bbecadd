import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { until } from '../kit/until.ts'
import { roomServer } from '../rooms/calls.ts'

const { url } = useDatabase(import.meta.path)

/**
 * tRPC tells a client `started` once the procedure has answered. Where the inbox stood was only read when the first item was asked
 * for, so that news in between was taken for old and never came.
 */
test('what is told after a subscription to notifications has started is heard', async () => {
  await using foyer = await roomServer(url)
  const { notifications } = foyer.server.foyer
  const life = new AbortController()
  const account = { id: 'alice', name: 'Alice', role: 'user' as const, expiresAt: null }
  const news = await notifications.events({ account, signal: life.signal }, {})
  await notifications.tell({ id: 'first', user: 'alice', kind: 'friend.requested', from: 'bob' })
  const heard: string[] = []
  const reading = (async () => {
    for await (const [id] of news) heard.push(id)
  })()
  try {
    await until(() => heard.length === 1, { what: 'the news' })
  } finally {
    life.abort()
    await reading
  }
  expect(heard).toHaveLength(1)
})
