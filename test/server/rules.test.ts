import { describe, expect, test } from 'bun:test'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { problem } from '../../server/errors.ts'
import { isRule, type Rule, RuleError, RULES } from '../../shared/rules.ts'
import { useDatabase } from '../kit/mongo.ts'
import { serveOwn } from './own.ts'

const { url } = useDatabase(import.meta.path)
const server = await serveOwn({ url })
const rules = Object.keys(RULES).filter(isRule)

/** What the client's tRPC links retry in a subscription (trpc: rpc/codes.ts). */
const RETRYABLE_CODES = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']

const refused = async (rule: Rule) => {
  const response = await fetch(`${server.url}/trpc/refuse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: rule }),
  })
  return { response, error: (await response.json()).error.json }
}

describe.each(rules)('the rule %s', (rule) => {
  const { code, status, message, retryable } = RULES[rule]

  test('has the HTTP status of its tRPC code', () => {
    expect(getHTTPStatusCodeFromError(new TRPCError({ code }))).toBe(status)
  })

  test('is the same as tRPC error and as problem+json', async () => {
    const { response, error } = await refused(rule)
    const rest = problem({ rule, details: {} })
    expect(await rest.json()).toEqual({ type: `urn:foyer:rule:${rule}`, title: message, status, rule, retryable })
    expect(rest.headers.get('content-type')).toBe('application/problem+json')
    expect([response.status, rest.status]).toEqual([status, status])
    expect(error).toMatchObject({ message, data: { rule, code, httpStatus: status, retryable, path: 'refuse' } })
  })

  test('ends a subscription for good unless a repeat may help', () => {
    if (RETRYABLE_CODES.includes(code)) expect(retryable).toBe(true)
  })
})

test('the time to wait is in the Retry-After header, in whole seconds, and in ms in the body', async () => {
  const { response, error } = await refused('rate-limited')
  expect([response.headers.get('retry-after'), error.data.retryAfterMs]).toEqual(['2', 1_200])
  const rest = problem({ rule: 'rate-limited', details: { retryAfterMs: 1_200 } })
  expect([rest.headers.get('retry-after'), (await rest.json()).retryAfterMs]).toEqual(['2', 1_200])
})

test('no rule is logged: it is the caller`s mistake, or bad luck', async () => {
  const before = server.logs.length
  await refused('room-full')
  expect(server.logs.slice(before)).toEqual([])
})

test('isRule takes the table`s own names only', () => {
  expect(isRule('room-full')).toBe(true)
  for (const other of ['toString', '__proto__', '', 7, null]) expect(isRule(other)).toBe(false)
  expect(new RuleError('room-full').message).toBe(RULES['room-full'].message)
})
