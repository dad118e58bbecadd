import { describe, expect, test } from 'bun:test'
import { TRPCClientError } from '@trpc/client'
import { FoyerError, toFoyerError } from '../../client/errors.ts'
import { RULES } from '../../shared/rules.ts'

const fromServer = (data: Record<string, unknown>, meta?: Record<string, unknown>) =>
  new TRPCClientError('no', { result: { error: { code: -32_000, message: 'no', data } }, ...(meta ? { meta } : {}) })
const rejection = (message: string, name: string) => Object.assign(new Error(message), { name })

describe('toFoyerError', () => {
  test('takes the rule and the wait that the server names', () => {
    const error = toFoyerError(fromServer({ rule: 'rate-limited', retryAfterMs: 1_500 }))
    expect(error).toBeInstanceOf(FoyerError)
    expect(error).toMatchObject({
      rule: 'rate-limited',
      retryable: true,
      retryAfterMs: 1_500,
      message: RULES['rate-limited'].message,
    })
  })

  test('knows of each rule whether a repeat may help', () => {
    for (const [rule, { retryable }] of Object.entries(RULES)) {
      expect(toFoyerError(fromServer({ rule })), rule).toMatchObject({ rule, retryable })
    }
  })

  test('reads Retry-After where the body says nothing', () => {
    const response = new Response(null, { status: 503, headers: { 'retry-after': '2' } })
    expect(toFoyerError(new TRPCClientError('Bad JSON', { meta: { response } }))).toMatchObject({
      rule: 'offline',
      retryAfterMs: 2_000,
    })
  })

  test('goes by the status where nobody named a rule', () => {
    const of = (status: number) =>
      toFoyerError(new TRPCClientError('x', { meta: { response: new Response(null, { status }) } })).rule
    expect([of(401), of(403), of(404), of(413), of(429)]).toEqual([
      'unauthorized',
      'forbidden',
      'not-found',
      'too-large',
      'rate-limited',
    ])
    expect([of(500), of(502), of(503), of(504)]).toEqual(['internal', 'offline', 'offline', 'offline'])
  })

  test('takes a page that is no JSON, and a fetch that failed, for no server', () => {
    const page = new TRPCClientError('Unexpected token <', { meta: { response: new Response('<html>') } })
    for (const thrown of [page, new TRPCClientError('fetch failed'), new TypeError('Load failed'), 'what?', null])
      expect(toFoyerError(thrown)).toMatchObject({ rule: 'offline', retryable: true })
  })

  test('tells an abort and a timeout from a failure, also inside tRPC`s error', () => {
    expect(toFoyerError(rejection('stop', 'AbortError')).rule).toBe('aborted')
    expect(toFoyerError(TRPCClientError.from(rejection('stop', 'AbortError'))).rule).toBe('aborted')
    expect(toFoyerError(rejection('late', 'TimeoutError')).rule).toBe('timeout')
    expect(toFoyerError(TRPCClientError.from(new FoyerError('timeout'))).rule).toBe('timeout')
  })

  test('leaves its own errors as they are, and keeps what it was made of', () => {
    const own = new FoyerError('room-full')
    expect(toFoyerError(own)).toBe(own)
    const cause = fromServer({ rule: 'declined' })
    expect(toFoyerError(cause).cause).toBe(cause)
  })
})
