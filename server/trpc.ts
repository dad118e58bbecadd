import { initTRPC } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import superjson from 'superjson'
import { datesOf } from '../shared/dated-json.ts'
import { isPlainJson } from '../shared/json.ts'
import { RULES } from '../shared/rules.ts'
import type { Account } from './accounts.ts'
import { admit, recordOutcome } from './admit.ts'
import type { Context } from './context.ts'
import { decodeInput } from './decode.ts'
import { faultOf } from './errors.ts'
import { streamed } from './streams.ts'

/** superjson, but for what JSON and its dates carry: superjson refuses keys such as `__proto__`, which a room's or session's data may have. */
function serialize(value: unknown) {
  if (isPlainJson(value)) return { json: value }
  const meta = datesOf(value)
  return meta === null ? superjson.serialize(value) : { json: value, meta }
}
const output = {
  serialize,
  deserialize: superjson.deserialize,
}

const t = initTRPC.context<Context>().create({
  transformer: { input: { serialize: superjson.serialize, deserialize: decodeInput }, output },
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
  // Not a middleware: only here do errors of subscription generators pass too, and get the code that stops a client's retries.
  errorFormatter: ({ error, shape }) => {
    const { rule, details } = faultOf(error)
    const { code, status, message, retryable } = RULES[rule]
    return {
      code: TRPC_ERROR_CODES_BY_KEY[code],
      message,
      data: { code, httpStatus: status, path: shape.data.path ?? null, rule, retryable, ...details },
    }
  },
})

type Call = { ctx: Context; path: string; type: string; signal: AbortSignal | undefined }

/** Around every procedure: admits the call (rate limits), then counts it by its outcome. */
async function attended<R extends { ok: true; data: unknown } | { ok: false; error: unknown }>(
  { ctx, path, type, signal }: Call,
  run: () => Promise<R>,
): Promise<R> {
  const began = performance.now()
  admit(ctx)
  const record = (error: unknown) => recordOutcome(ctx, { procedure: path, began, error })
  const result = await run().catch((thrown: unknown) => {
    record(thrown)
    throw thrown
  })
  record(result.ok ? null : result.error)
  if (type !== 'subscription' || !result.ok) return result
  // edge: a subscription's result is what its generator function gave; tRPC types it as unknown.
  return { ...result, data: streamed(result.data as AsyncIterable<unknown>, { ctx, procedure: path, signal }) }
}

export const router = t.router
export const createCallerFactory = t.createCallerFactory
export const procedure = t.procedure.use((call) => attended(call, call.next))

/**
 * A procedure for the integrator's users: `ctx.account` is who calls. Errors: unauthorized. One middleware with the above: each
 * costs a command of a hot room a sixth of its time.
 */
export const accountProcedure = t.procedure.use((call) =>
  attended(call, async () => {
    // Every call of a context has its one bearer. A context of its own for each, by tRPC's way of copying it, costs 3 % of a command.
    call.ctx.account = await call.ctx.foyer.accounts.verify(call.ctx.bearer)
    return call.next<{ account: Account }>({})
  }),
)
