import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { serveOwn } from '../server/own.ts'

const { url } = useDatabase(import.meta.path)

// Only the first error of a batch was looked at.
test('a batch of which any call is rate-limited says when to come back', async () => {
  await using server = await serveOwn({ url })
  const response = await fetch(`${server.url}/trpc/refuse,refuse?batch=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 0: { json: 'room-full' }, 1: { json: 'rate-limited' } }),
  })
  expect([response.status, response.headers.get('retry-after')]).toEqual([207, '2'])
})
