import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// tRPC sets none where it could not tell the calls apart, and Bun then says application/octet-stream.
test('every error of tRPC is application/json', async () => {
  await using server = await startServer({ url })
  for (const [path, method] of [
    ['mailbox.put', 'PUT'],
    ['%E0%A4%A', 'GET'],
    ['no.such', 'GET'],
  ] as const) {
    const response = await fetch(`${server.url}/trpc/${path}`, { method })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect((await response.json()).error.json.data.rule).toBeString()
  }
})
