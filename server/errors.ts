import { getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server'
import { ZodError, z } from 'zod'
import { type Rule, RULES, type RuleDetails, RuleError } from '../shared/rules.ts'

/** tRPC's own refusals (parsing, unknown procedure, …) as rules of the one table. */
const BY_CODE: Partial<Record<TRPCError['code'], Rule>> = {
  PARSE_ERROR: 'bad-request',
  BAD_REQUEST: 'bad-request',
  UNPROCESSABLE_CONTENT: 'bad-request',
  UNSUPPORTED_MEDIA_TYPE: 'bad-request',
  NOT_FOUND: 'not-found',
  METHOD_NOT_SUPPORTED: 'method-not-allowed',
  PAYLOAD_TOO_LARGE: 'too-large',
  UNAUTHORIZED: 'unauthorized',
  FORBIDDEN: 'forbidden',
  TOO_MANY_REQUESTS: 'rate-limited',
  SERVICE_UNAVAILABLE: 'shutting-down',
}

/**
 * What the caller may be told of any thrown value. `ours`: a bug or an outage, to be logged with its cause; false for a
 * caller that hung up in the middle, though nobody hears the `internal` that this gives.
 */
export interface Fault {
  rule: Rule
  details: RuleDetails
  ours: boolean
}

export function faultOf(thrown: unknown): Fault {
  const error = getTRPCErrorFromUnknown(thrown)
  const cause = error.cause
  if (cause instanceof RuleError) return { rule: cause.rule, details: cause.details, ours: false }
  const rule = BY_CODE[error.code] ?? 'internal'
  const limit = cause instanceof ZodError ? limitOf(cause) : null
  if (limit !== null) return { rule: 'limit-reached', details: limit, ours: false }
  const details = cause instanceof ZodError && rule !== 'internal' ? { issues: issuesOf(cause) } : {}
  return { rule, details, ours: rule === 'internal' && !isHangUp(cause) }
}

/** A limit of rooms that the input passes (shared/room/json-fault.ts says which). */
function limitOf({ issues: [issue] }: ZodError): { what: string; limit: number } | null {
  const { what, limit } = issue?.code === 'custom' ? (issue.params ?? {}) : {}
  return typeof what === 'string' && typeof limit === 'number' ? { what, limit } : null
}

const isHangUp = (cause: unknown) => cause instanceof Error && cause.name === 'AbortError'

/** Zod's complaints by path, without the values: those may be secrets. */
export function issuesOf(error: ZodError): Record<string, string[]> {
  const issues: Record<string, string[]> = {}
  for (const { path, message } of error.issues) {
    const key = path.join('.') || '(input)'
    issues[key] = [...(issues[key] ?? []), message]
  }
  return issues
}

/** Parses with a schema, or throws `bad-request` with the issues. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (!result.success) throw new RuleError('bad-request', { issues: issuesOf(result.error) })
  return result.data
}

/** The error as application/problem+json (RFC 9457), from the same table as tRPC's. */
export function problem({ rule, details }: Pick<Fault, 'rule' | 'details'>): Response {
  const { status, message, retryable } = RULES[rule]
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', ...retryAfter(details) }
  const body = { type: `urn:foyer:rule:${rule}`, title: message, status, rule, retryable, ...details }
  return new Response(JSON.stringify(body), { status, headers })
}

/** The Retry-After header (RFC 9110 §10.2.3), whole seconds, rounded up. */
export const retryAfter = ({ retryAfterMs }: RuleDetails): Record<string, string> =>
  retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }
