import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// The body's guard made a new Request, of which the server knows no peer: mutations had no address and no limit.
test('a tRPC mutation is limited by its client`s address', async () => {
  await using server = await startServer({ url, env: { RATE_PER_ADDRESS: '1', RATE_BURST_PER_ADDRESS: '1' } })
  const join = () =>
    fetch(`${server.url}/trpc/mailbox.join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"json":{"room":"r","answer":"a"}}',
    })
  expect([(await join()).status, (await join()).status]).toEqual([409, 429])
})
