import { describe, expect, test } from 'bun:test'
import superjson from 'superjson'
import { connect, type Fetch } from '../../client/connect.ts'
import { until } from '../kit/until.ts'

interface Sent {
  method: string
  path: string
  headers: Headers
  init: RequestInit
}

/** A server that answers every call with null, and notes what it was sent. */
function recorder() {
  const sent: Sent[] = []
  const fetch: Fetch = async (input, init = {}) => {
    const path = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    sent.push({ method: init.method ?? 'GET', path, headers: new Headers(init.headers), init })
    const result = { result: { data: superjson.serialize(null) } }
    const batch = new URL(path, 'http://page').searchParams.has('batch')
    const calls = path.split('?')[0]?.split(',').length ?? 1
    return Response.json(batch ? Array.from({ length: calls }, () => result) : result)
  }
  return { sent, fetch }
}
const room = 'cafe'

describe('connect', () => {
  test('sends the headers of a call with that call alone', async () => {
    const { sent, fetch } = recorder()
    const client = connect({ url: 'http://foyer', fetch })
    await Promise.all([
      client.mailbox.keep.mutate(
        { room },
        { context: { authorization: 'key-1', idempotencyKey: 'once-and-only-once' } },
      ),
      client.mailbox.keep.mutate({ room }, { context: { authorization: 'Bearer key-2' } }),
    ])
    expect(sent.map(({ path }) => path)).toEqual(Array(2).fill('http://foyer/trpc/mailbox.keep'))
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer key-1', 'Bearer key-2'])
    expect(sent.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['once-and-only-once', null])
  })

  test('gathers the calls without headers of their own into one request, with the token', async () => {
    const { sent, fetch } = recorder()
    const client = connect({ url: 'http://foyer/', fetch, token: async () => 'jwt' })
    await Promise.all([client.session.list.query({}), client.ice.servers.query()])
    expect(sent).toHaveLength(1)
    expect(sent[0]?.path).toStartWith('http://foyer/trpc/session.list,ice.servers?batch=1')
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer jwt')
  })

  test('puts a call`s own secret in the token`s place', async () => {
    const { sent, fetch } = recorder()
    const client = connect({ url: 'http://foyer', fetch, token: 'jwt' })
    await client.session.leave.mutate(undefined, { context: { authorization: 'seat' } })
    await client.mailbox.put.mutate({ room, offer: 'v=0' }, { context: { idempotencyKey: 'once-and-only-once' } })
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer seat', 'Bearer jwt'])
  })

  test('lets a tab`s last words outlive it', async () => {
    const { sent, fetch } = recorder()
    const client = connect({ url: 'http://foyer', fetch })
    await client.mailbox.remove.mutate({ room }, { context: { authorization: 'key', keepalive: true } })
    await client.mailbox.remove.mutate({ room }, { context: { authorization: 'key' } })
    expect(sent.map(({ init }) => init.keepalive === true)).toEqual([true, false])
  })

  test('asks the page`s own origin when the address is empty', async () => {
    const { sent, fetch } = recorder()
    const client = connect({ url: '', fetch })
    await client.ice.servers.query()
    expect(sent[0]?.path).toStartWith('/trpc/ice.servers?')
  })

  test('sends a subscription`s secret as a header and not in the address', async () => {
    const { sent, fetch } = recorder()
    const client = connect({ url: 'http://foyer', fetch })
    const subscription = client.session.events.subscribe(
      {},
      { context: { authorization: 'host-secret' }, onError: () => {} },
    )
    await until(() => sent.length > 0, { what: 'the stream is asked for' })
    subscription.unsubscribe()
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer host-secret')
    expect(sent[0]?.headers.get('accept')).toBe('text/event-stream')
    expect(sent[0]?.path).not.toContain('secret')
  })
})
