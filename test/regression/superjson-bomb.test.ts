import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const server = await startServer({ url })

// superjson's reader obeyed: `new Uint8Array({ length: 4e9 })` kept the process busy for a minute over a request of 100 bytes,
// and shared references, forty levels of them, made a tree of 2^40 nodes that zod set out to walk.
describe('a small request cannot keep the process busy', () => {
  test.each([
    ['a typed array of any length', { room: { length: 2e8 } }, { values: { room: [['typed-array', 'Uint8Array']] } }],
    ['an index far past an array', { candidates: [] }, { values: { 'candidates.4000000000': ['undefined'] } }],
    [
      'a tree that doubles at each level',
      { metadata: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`l${i}`, {}])) },
      {
        referentialEqualities: Object.fromEntries(
          Array.from({ length: 39 }, (_, i) => [`metadata.l${i + 1}`, [`metadata.l${i}.a`, `metadata.l${i}.b`]]),
        ),
      },
    ],
    ['a cycle', { metadata: { a: {} } }, { referentialEqualities: { metadata: ['metadata.a.b'] } }],
  ])('by %s', async (_, json, meta) => {
    for (const procedure of ['mailbox.put', 'session.host', 'session.sendCandidates']) {
      const began = performance.now()
      const response = await fetch(`${server.url}/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ json, meta: { ...meta, v: 1 } }),
      })
      expect((await response.json()).error.json.data.rule).toBe('bad-request')
      expect(performance.now() - began).toBeLessThan(500)
    }
  })
})
