import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// tRPC's own Vary replaced the one of CORS: a cache could hand one site's copy to another, which may not read it.
test('a reply of tRPC varies by origin too', async () => {
  await using server = await startServer({ url })
  const { headers } = await fetch(`${server.url}/trpc/ice.servers`, { headers: { origin: 'https://site.example' } })
  expect(headers.get('vary')).toBe('trpc-accept, accept, origin')
})
