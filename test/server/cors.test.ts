import { describe, expect, test } from 'bun:test'
import { SECURITY_HEADERS } from '../../server/cors.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const LISTED = 'https://site.example'
const server = await startServer({ url, env: { CORS_ORIGINS: `${LISTED},http://localhost:5173` } })

interface Asked {
  method: string
  path: string
  body?: BodyInit
}
const ask = ({ method, path, body }: Asked, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method, ...(body === undefined ? {} : { body }), headers })

/** One of every kind of response. */
const KINDS: [string, Asked][] = [
  ['a reply of REST', { method: 'PUT', path: '/custom/r', body: '{"offer":"o"}' }],
  ['a problem of REST', { method: 'POST', path: '/custom/r/keep', body: '{}' }],
  ['a body that is too large', { method: 'PUT', path: '/custom/r', body: 'x'.repeat(1_000_000) }],
  ['a reply of tRPC', { method: 'GET', path: '/trpc/ice.servers' }],
  ['an error of tRPC', { method: 'POST', path: '/trpc/mailbox.put', body: '{' }],
  ['a call that tRPC cannot tell apart', { method: 'GET', path: '/trpc/%E0%A4%A' }],
  ['a stream of events', { method: 'GET', path: '/trpc/session.events' }],
  ['operations', { method: 'GET', path: '/health' }],
  ['metrics', { method: 'GET', path: '/metrics' }],
  ['an address of nothing', { method: 'GET', path: '/nothing.here' }],
  ['a method of nothing', { method: 'PATCH', path: '/custom/r' }],
  ['a preflight', { method: 'OPTIONS', path: '/custom/r' }],
]

describe.each(KINDS)('%s', (_, asked) => {
  test('has the security headers', async () => {
    const response = await ask(asked)
    await response.body?.cancel()
    const headers = Object.fromEntries(response.headers)
    const { 'cache-control': caching, ...others } = SECURITY_HEADERS
    expect(headers).toMatchObject(others)
    expect(['no-cache, no-transform', caching]).toContain(headers['cache-control'] ?? 'none')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('x-powered-by')
  })

  test('may be read by a site on the list, and by no other', async () => {
    const allowed = async (headers: Record<string, string>) => {
      const response = await ask(asked, headers)
      await response.body?.cancel()
      return [
        response.headers.get('access-control-allow-origin'),
        response.headers.get('access-control-expose-headers'),
      ]
    }
    expect(await allowed({ origin: LISTED })).toEqual([LISTED, 'retry-after'])
    for (const origin of ['https://evil.example', 'null', `${LISTED}.evil.example`, 'http://site.example'])
      expect(await allowed({ origin })).toEqual([null, null])
    expect(await allowed({})).toEqual([null, null])
  })
})

test('a preflight names the methods and headers that clients use, and runs no route', async () => {
  const preflight = await ask(
    { method: 'OPTIONS', path: '/custom/untouched' },
    { origin: LISTED, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
  )
  expect(preflight.status).toBe(204)
  const listed = (name: string) => preflight.headers.get(`access-control-allow-${name}`)?.split(', ')
  expect(listed('methods')).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']))
  expect(listed('headers')).toEqual(
    expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'trpc-accept']),
  )
  expect(preflight.headers.get('vary')).toContain('origin')
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
})

test('caches keep an origin`s copy to itself', async () => {
  const response = await ask({ method: 'GET', path: '/trpc/ice.servers' }, { origin: LISTED })
  expect(response.headers.get('vary')?.toLowerCase()).toContain('origin')
})

test('`*` lets any site in', async () => {
  await using open = await startServer({ url, env: { CORS_ORIGINS: '*' } })
  const response = await fetch(`${open.url}/health`, { headers: { origin: 'https://any.example' } })
  expect(response.headers.get('access-control-allow-origin')).toBe('https://any.example')
})
