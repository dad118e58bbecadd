import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url, db } = useDatabase(import.meta.path)
const server = await startServer({ url })

interface Sent {
  method: string
  path: string
  body: RequestInit['body']
}
const ruleOf = async ({ method, path, body }: Sent) => {
  const headers = { 'content-type': 'application/json', origin: 'https://site.example' }
  const response = await fetch(server.url + path, { method, body: body ?? null, headers })
  const reply = await response.json()
  const rest = path.startsWith('/custom')
  expect(response.headers.get('content-type')).toBe(rest ? 'application/problem+json' : 'application/json')
  expect(response.headers.get('access-control-allow-origin')).toBe('https://site.example')
  return [response.status, rest ? reply.rule : reply.error.json.data.rule]
}
/** The same bytes without a Content-Length. */
const chunked = (text: string) =>
  new ReadableStream({
    start(controller) {
      for (let i = 0; i < text.length; i += 10_000)
        controller.enqueue(new TextEncoder().encode(text.slice(i, i + 10_000)))
      controller.close()
    },
  })

const DOORS = [
  { name: 'REST', method: 'PUT', path: '/custom/room', wrap: (json: string) => json },
  { name: 'tRPC', method: 'POST', path: '/trpc/mailbox.put', wrap: (json: string) => `{"json":${json}}` },
]

describe.each(DOORS)('a body over $name', ({ method, path, wrap }) => {
  const filled = (bytes: number) => {
    const empty = wrap('{"offer":""}')
    return empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`)
  }

  test.each([
    ['one byte over the limit', LIMITS.bodyBytes + 1],
    ['1 MB', 1_000_000],
    ['20 MB', 20_000_000],
  ])('of %s is too-large, with Content-Length or chunked', async (_, bytes) => {
    const body = filled(bytes)
    expect(await ruleOf({ method, path, body })).toEqual([413, 'too-large'])
    expect(await ruleOf({ method, path, body: chunked(body) })).toEqual([413, 'too-large'])
  })

  test('at the limit is read: what is wrong is its content', async () => {
    expect(await ruleOf({ method, path, body: filled(LIMITS.bodyBytes) })).toEqual([400, 'bad-request'])
    expect(await ruleOf({ method, path, body: chunked(filled(LIMITS.bodyBytes)) })).toEqual([400, 'bad-request'])
  })

  test('counts in bytes, not in characters', async () => {
    expect(await ruleOf({ method, path, body: wrap(`{"offer":"${'€'.repeat(22_000)}"}`) })).toEqual([413, 'too-large'])
  })

  test.each([65, 1_000, 30_000])('that nests %d deep is too-deep', async (depth) => {
    const json = `{"room":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(await ruleOf({ method, path, body: wrap(json) })).toEqual([400, 'too-deep'])
    expect(await ruleOf({ method, path, body: '['.repeat(depth) })).toEqual([400, 'too-deep'])
    expect(await ruleOf({ method, path, body: '{"a":'.repeat(depth).slice(0, LIMITS.bodyBytes) })).toEqual([
      400,
      'too-deep',
    ])
  })

  test.each(['{', 'nonsense', '{"offer":', '\u0000', '"', '{"offer":"\\ud800"}'])('%j is bad-request', async (body) => {
    expect(await ruleOf({ method, path, body })).toEqual([400, 'bad-request'])
  })

  test('of bytes that are no UTF-8 is bad-request', async () => {
    expect(await ruleOf({ method, path, body: new Uint8Array([0xff, 0xfe, 0x00, 0xc3]) })).toEqual([400, 'bad-request'])
  })
})

test.each(['%', '%E0%A4%A', '%ff', 'a%', '%zz', '%00', '%0a', '%ed%a0%80', '%20', 'a%E2%80%A8b'])(
  'the room %s of an address is bad-request',
  async (room) => {
    for (const { method, end } of [
      { method: 'PUT', end: '' },
      { method: 'POST', end: '/keep' },
      { method: 'POST', end: '/join' },
      { method: 'DELETE', end: '' },
    ])
      expect(await ruleOf({ method, path: `/custom/${room}${end}`, body: '{"offer":"o","answer":"a"}' })).toEqual([
        400,
        'bad-request',
      ])
  },
)

test('a room`s name may be any text without control characters: the address is its percent-encoding', async () => {
  for (const room of ['a b', 'a/b', '??', 'né€😀', '%25', '..x']) {
    const path = `/custom/${encodeURIComponent(room)}`
    const put = await fetch(server.url + path, { method: 'PUT', body: '{"offer":"o"}' })
    expect(put.status).toBe(201)
    expect(await db.collection('offers').countDocuments({ room })).toBe(1)
  }
})

test('1,000-deep JSON in the `input` of a GET is too-deep', async () => {
  const response = await fetch(`${server.url}/trpc/ice.servers?input=${'['.repeat(1_000)}`)
  expect([response.status, (await response.json()).error.json.data.rule]).toEqual([400, 'too-deep'])
})
