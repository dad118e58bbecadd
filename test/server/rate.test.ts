import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const LOW = { RATE_PER_ADDRESS: '1', RATE_BURST_PER_ADDRESS: '3', TRUSTED_PROXIES: '127.0.0.1' }

interface CallOptions {
  from?: string
  bearer?: string
}
/** One call by each transport: the rule that refused it, or `ok`; and its Retry-After. */
const callers = (base: string) => {
  const headersOf = ({ from, bearer }: CallOptions) => ({
    'content-type': 'application/json',
    ...(from === undefined ? {} : { 'x-forwarded-for': from }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
  })
  return {
    rest: async (options: CallOptions = {}) => {
      const response = await fetch(`${base}/custom/r/keep`, { method: 'POST', headers: headersOf(options), body: '{}' })
      return {
        rule: (await response.json()).rule,
        retryAfter: response.headers.get('retry-after'),
        status: response.status,
      }
    },
    trpc: async (options: CallOptions = {}) => {
      const init = { method: 'POST', headers: headersOf(options), body: '{"json":{"room":"r"}}' }
      const response = await fetch(`${base}/trpc/mailbox.keep`, init)
      const { rule } = (await response.json()).error.json.data
      return { rule, retryAfter: response.headers.get('retry-after'), status: response.status }
    },
  }
}
const repeat = async (times: number, call: () => Promise<{ rule: string }>) => {
  const rules: string[] = []
  for (let i = 0; i < times; i++) rules.push((await call()).rule)
  return rules
}
const LIMITED = ['wrong-key', 'wrong-key', 'wrong-key', 'rate-limited']

describe.each(['rest', 'trpc'] as const)('a client address, over %s,', (transport) => {
  test('is let through up to its burst, then hears rate-limited and when to come back', async () => {
    await using server = await startServer({ url, env: LOW })
    const call = callers(server.url)[transport]
    expect(await repeat(4, () => call({ from: '198.51.100.1' }))).toEqual(LIMITED)
    expect(await call({ from: '198.51.100.1' })).toEqual({ rule: 'rate-limited', retryAfter: '1', status: 429 })
    expect((await call({ from: '198.51.100.2' })).rule).toBe('wrong-key')
    expect((await server.foyer.metrics.throttled.get()).values).toMatchObject([{ value: 2, labels: { by: 'address' } }])
  })

  test('cannot be forged: what stands left of the last hop is not looked at', async () => {
    await using server = await startServer({ url, env: LOW })
    const call = callers(server.url)[transport]
    let forged = 0
    expect(await repeat(4, () => call({ from: `203.0.113.${++forged}, 198.51.100.1` }))).toEqual(LIMITED)
  })

  test('that no trusted proxy vouches for is the peer`s, whatever it claims', async () => {
    await using server = await startServer({ url, env: { ...LOW, TRUSTED_PROXIES: '' } })
    const call = callers(server.url)[transport]
    let forged = 0
    expect(await repeat(4, () => call({ from: `203.0.113.${++forged}` }))).toEqual(LIMITED)
  })

  test('of IPv6 counts by its /64', async () => {
    await using server = await startServer({ url, env: LOW })
    const call = callers(server.url)[transport]
    let host = 0
    expect(await repeat(4, () => call({ from: `2001:db8:1:2::${(++host).toString(16)}` }))).toEqual(LIMITED)
    expect((await call({ from: '2001:db8:1:3::1' })).rule).toBe('wrong-key')
  })

  test('may guess ten secrets, then one each three seconds', async () => {
    await using server = await startServer({ url, env: { RATE_PER_ADDRESS: '1000', RATE_BURST_PER_ADDRESS: '1000' } })
    const call = callers(server.url)[transport]
    let guess = 0
    const rules = await repeat(11, () => call({ bearer: `guess-${++guess}` }))
    expect(rules).toEqual([...Array<string>(10).fill('wrong-key'), 'rate-limited'])
    expect((await call({})).retryAfter).toBe('3')
  })
})

test('one secret is limited wherever it comes from', async () => {
  const env = { RATE_PER_SECRET: '1', RATE_BURST_PER_SECRET: '2', TRUSTED_PROXIES: '127.0.0.1' }
  await using server = await startServer({ url, env })
  const { rest, trpc } = callers(server.url)
  let host = 0
  const from = () => ({ from: `198.51.100.${++host}`, bearer: 'stolen' })
  expect([(await rest(from())).rule, (await trpc(from())).rule]).toEqual(['wrong-key', 'wrong-key'])
  expect(await rest(from())).toEqual({ rule: 'rate-limited', retryAfter: '1', status: 429 })
  expect((await rest({ bearer: 'another' })).rule).toBe('wrong-key')
})

test('each call of a batch counts', async () => {
  await using server = await startServer({ url, env: LOW })
  const response = await fetch(`${server.url}/trpc/${Array(5).fill('mailbox.keep').join()}?batch=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(Array.from({ length: 5 }, (_, i) => [i, { json: { room: 'r' } }]))),
  })
  const replies: { error: { json: { data: { rule: string } } } }[] = await response.json()
  const rules = replies.map(({ error }) => error.json.data.rule)
  expect(rules).toEqual([...LIMITED, 'rate-limited'])
  expect(response.headers.get('retry-after')).toBe('1')
})
