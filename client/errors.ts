import { TRPCClientError } from '@trpc/client'
import { isRule, type Rule, type RuleDetails, RuleError, RULES } from '../shared/rules.ts'

/** What fails without the server saying so. */
const LOCAL = {
  timeout: { message: 'The deadline passed', retryable: false },
  offline: { message: 'The server cannot be reached', retryable: true },
  'peer-failed': { message: 'The peer connection could not be made, or was lost', retryable: false },
  aborted: { message: 'Aborted by the caller', retryable: false },
  'queue-full': { message: 'Too many edits wait for the server; this one was not taken', retryable: false },
  'unfit-data': { message: 'The data does not fit the schema that it was opened with', retryable: false },
} as const

/** The name of an error: one of the server's rules (shared/rules.ts), or what only a client can see. */
export type FoyerRule = Rule | keyof typeof LOCAL

export interface FoyerErrorDetails {
  /** Milliseconds after which a repeat may succeed. */
  retryAfterMs?: number | undefined
  /** For people, instead of the rule's own text. */
  message?: string | undefined
  /** What the server told of its rule beside the name: a limit's number, the room's version, … */
  details?: RuleDetails | undefined
  cause?: unknown
}

/** The one error of this library. Programs look at `rule`, people at `message`. */
export class FoyerError extends Error {
  override readonly name = 'FoyerError'
  /** True: the same request may succeed if it is sent again after a pause. */
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  /** What the server told beside the rule's name, by the names of shared/rules.ts; empty for an error of the client's own. */
  readonly details: RuleDetails

  constructor(
    readonly rule: FoyerRule,
    { retryAfterMs, message, cause, details = {} }: FoyerErrorDetails = {},
  ) {
    const entry = isRule(rule) ? RULES[rule] : LOCAL[rule]
    super(message ?? entry.message, { cause })
    this.retryable = entry.retryable
    this.retryAfterMs = retryAfterMs
    this.details = details
  }
}

/** HTTP statuses that come from proxies or a server too old to name its rule. */
const BY_STATUS: Readonly<Record<number, FoyerRule>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'too-large',
  429: 'rate-limited',
  500: 'internal',
}

const field = (value: unknown, key: string): unknown =>
  // edge: the value is an object with unknown keys, and reading one of them by name is all that is wanted
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined

/** A proxy's 502, 503 and 504 mean what no connection means: nobody knows whether the server got the request. */
const ruleOfStatus = (status: unknown): FoyerRule =>
  typeof status === 'number' ? (BY_STATUS[status] ?? (status >= 500 ? 'offline' : 'bad-request')) : 'offline'

const millis = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : undefined)

const DETAILS = {
  issues: 'object',
  limit: 'number',
  what: 'string',
  version: 'number',
  changes: 'string',
  operation: 'number',
  now: 'number',
} as const satisfies Partial<Record<keyof RuleDetails, string>>

/** The details of a rule, as far as they have the shapes of shared/rules.ts. */
const detailsOf = (data: unknown): RuleDetails =>
  Object.fromEntries(
    Object.entries(DETAILS).flatMap(([key, type]) => {
      const value = field(data, key)
      return typeof value === type && value !== null ? [[key, value]] : []
    }),
  )

/** Seconds of a Retry-After header; its date form is not used by this server. */
const headerMillis = (response: unknown) => {
  const headers = field(response, 'headers')
  const seconds = headers instanceof Headers ? Number(headers.get('retry-after') ?? Number.NaN) : Number.NaN
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined
}

/**
 * Any thrown value as a FoyerError: the server's rule where it gave one, else by HTTP status, `aborted` for an abort,
 * and `offline` for whatever else came between (a fetch that failed, a stream that broke, a body that is no JSON).
 */
export function toFoyerError(thrown: unknown): FoyerError {
  if (thrown instanceof FoyerError) return thrown
  // The room's own rules run in the client as well: shared/room/decider.ts.
  if (thrown instanceof RuleError) return new FoyerError(thrown.rule, { details: thrown.details })
  if (field(thrown, 'name') === 'AbortError') return new FoyerError('aborted', { cause: thrown })
  if (field(thrown, 'name') === 'TimeoutError') return new FoyerError('timeout', { cause: thrown })
  if (!(thrown instanceof TRPCClientError)) return new FoyerError('offline', { cause: thrown })
  const { data, cause, meta } = thrown
  const rule = field(data, 'rule')
  if (isRule(rule)) {
    const retryAfterMs = millis(field(data, 'retryAfterMs')) ?? headerMillis(meta?.response)
    return new FoyerError(rule, { retryAfterMs, details: detailsOf(data), cause: thrown })
  }
  if (cause instanceof FoyerError || field(cause, 'name') === 'AbortError') return toFoyerError(cause)
  const response = meta?.response
  // The eventsource package's ErrorEvent has the status of a stream that could not be opened as `code`.
  const status = field(data, 'httpStatus') ?? field(response, 'status') ?? field(cause, 'code')
  const known = status !== 200
  return new FoyerError(known ? ruleOfStatus(status) : 'offline', {
    retryAfterMs: headerMillis(response),
    cause: thrown,
  })
}
