import type { Account } from './accounts.ts'
import { parseBearer } from './bearer.ts'
import type { Flow } from './flow.ts'
import type { Foyer } from './foyer.ts'
import { idempotencyKeySchema } from '../shared/ids.ts'
import { RuleError } from '../shared/rules.ts'

/** What a procedure knows of its caller. One for each HTTP request or WebSocket connection. */
export interface Context {
  foyer: Foyer
  /** The token of `Authorization: Bearer …`: a room key, a session's secret or a JWT; each procedure knows which it takes. */
  bearer: string | null
  idempotencyKey: string | undefined
  /** Who the bearer is, once a procedure for accounts has looked. */
  account?: Account | undefined
  /** The client's address behind trusted proxies, or null where there is none (a call in process). */
  address: string | null
  /** The caller streams both ways: one WebSocket for all that it asks. */
  overSocket?: boolean | undefined
  /** Holds streams back while their client does not read. Absent where the transport pulls by itself: server-sent events. */
  flow?: Flow | undefined
}

export interface ContextSource {
  headers: Headers
  address: string | null
  /** tRPC's connectionParams: a WebSocket cannot send headers. */
  params?: Record<string, string | undefined> | null
  overSocket?: boolean | undefined
  flow?: Flow | undefined
}

// Made once: to make a schema costs more than to use it, 3 % of a request.
const keyInput = idempotencyKeySchema.optional()

/** Reads the caller off a request; a malformed Idempotency-Key is `bad-request`. */
export function createContext(foyer: Foyer, { headers, address, params, overSocket, flow }: ContextSource): Context {
  const key = keyInput.safeParse(headers.get('idempotency-key') ?? undefined)
  if (!key.success)
    throw new RuleError('bad-request', {
      issues: { 'Idempotency-Key': ['is not 16-128 characters of A-Z a-z 0-9 _ - . :'] },
    })
  const bearer = parseBearer(params?.authorization ?? headers.get('authorization'))
  return { foyer, bearer, idempotencyKey: key.data, address, overSocket, flow }
}
