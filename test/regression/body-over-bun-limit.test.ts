import { expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// Bun's own maxRequestBodySize answered 413 without a body, a rule or CORS headers: a browser saw a network error.
test('a body over any limit of Bun`s is still answered with the rule, readable by a site on the list', async () => {
  await using server = await startServer({ url })
  const init = { method: 'PUT', body: 'x'.repeat(600_000), headers: { origin: 'https://site.example' } }
  const response = await fetch(`${server.url}/custom/r`, init)
  expect([response.status, (await response.json()).rule]).toEqual([413, 'too-large'])
  expect(response.headers.get('access-control-allow-origin')).toBe('https://site.example')
})
