import { describe, expect, test } from 'bun:test'
import { createTRPCClient, httpBatchLink, isTRPCClientError, TRPCClientError } from '@trpc/client'
import superjson from 'superjson'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { httpClient, serveOwn, type OwnRouter } from './own.ts'

const { url } = useDatabase(import.meta.path)
const server = await serveOwn({ url })
const client = httpClient(server.url)

const failureOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!isTRPCClientError<OwnRouter>(error)) throw new Error('the call did not fail as tRPC calls do', { cause: error })
  return error
}
const post = (path: string, body: unknown) =>
  fetch(`${server.url}/trpc/${path}${path.includes(',') ? '?batch=1' : ''}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('tRPC over HTTP', () => {
  test('a query`s Date arrives as a Date, and its Date goes back as one', async () => {
    const at = new Date('2026-11-21T10:00:00.123Z')
    expect(await client.at.query({ at })).toEqual({ next: new Date('2026-11-21T10:00:00.124Z') })
  })

  test('an input field that is undefined is as good as absent', async () => {
    expect(await client.optional.mutate({ a: undefined })).toEqual(['a'])
    expect(await client.optional.mutate({})).toEqual([])
  })

  test('a mutation`s rule error has the rule, its code and whether a repeat may help', async () => {
    const { message, data } = await failureOf(client.refuse.mutate())
    expect(message).toBe('The room is full')
    expect(data).toMatchObject({ rule: 'room-full', code: 'CONFLICT', httpStatus: 409, retryable: false })
  })

  test('an input of the wrong shape is bad-request, with what is wrong by path', async () => {
    // edge: what the type forbids is what this test sends.
    const wrong = { at: 'yesterday' } as unknown as { at: Date }
    const { data } = await failureOf(client.at.query(wrong))
    expect(data?.rule).toBe('bad-request')
    expect(Object.keys(data?.issues ?? {})).toEqual(['at'])
  })

  test('a bug of ours is a masked 500: neither message nor stack leave, and it is logged once with its cause', async () => {
    const response = await post('leak', {})
    const text = await response.text()
    expect([response.status, JSON.parse(text).error.json.message]).toEqual([500, 'Internal error'])
    expect(text).not.toMatch(/mongodb|secret|stack|own\.ts/)
    const logged = server.logs.filter((line) => line.includes('the secret is 42'))
    expect(logged).toHaveLength(1)
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 50, procedure: 'leak', msg: 'request failed' })
  })
})

describe('a batch', () => {
  test('with one good and one refused call is one 207 in which each has its own outcome', async () => {
    const response = await post('optional,refuse', { 0: { json: {} } })
    expect(response.status).toBe(207)
    const [good, bad] = await response.json()
    expect(good.result.data.json).toEqual([])
    expect(bad.error.json.data.rule).toBe('room-full')
  })

  test('of one outcome has that outcome`s status', async () => {
    expect((await post('refuse,refuse', {})).status).toBe(409)
  })

  test('is what the client makes of calls in one turn', async () => {
    let requests = 0
    const counting = Object.assign(
      (...args: Parameters<typeof fetch>) => {
        requests++
        return fetch(...args)
      },
      { preconnect: fetch.preconnect },
    )
    const link = httpBatchLink({ url: `${server.url}/trpc`, transformer: superjson, fetch: counting })
    const batching = createTRPCClient<OwnRouter>({ links: [link] })
    const at = new Date(0)
    const replies = await Promise.all([batching.at.query({ at }), batching.at.query({ at }), batching.bearer.query()])
    expect([requests, replies.length]).toEqual([1, 3])
  })

  test('over the limit is bad-request, and none of its calls runs', async () => {
    const at = LIMITS.batchCalls + 1
    const paths = Array<string>(at).fill('leak').join()
    const before = server.logs.length
    const response = await post(paths, {})
    expect(response.status).toBe(400)
    expect((await response.json()).error.json.data.rule).toBe('bad-request')
    expect(server.logs.length).toBe(before)
  })
})

test('an unknown procedure is not-found, a GET of a mutation method-not-allowed', async () => {
  const unknown = await fetch(`${server.url}/trpc/no.such`)
  expect([unknown.status, (await unknown.json()).error.json.data.rule]).toEqual([404, 'not-found'])
  const wrong = await fetch(`${server.url}/trpc/leak`)
  expect([wrong.status, (await wrong.json()).error.json.data.rule]).toEqual([405, 'method-not-allowed'])
  expect(wrong.headers.get('allow')).toBe('POST')
})

test('a malformed Idempotency-Key is bad-request on every call of the request', async () => {
  const link = httpBatchLink({
    url: `${server.url}/trpc`,
    transformer: superjson,
    headers: { 'idempotency-key': 'short' },
  })
  const hasty = createTRPCClient<OwnRouter>({ links: [link] })
  const outcomes = await Promise.allSettled([hasty.bearer.query(), hasty.bearer.query()])
  for (const outcome of outcomes)
    expect(outcome.status === 'rejected' && outcome.reason instanceof TRPCClientError && outcome.reason.data.rule).toBe(
      'bad-request',
    )
})
