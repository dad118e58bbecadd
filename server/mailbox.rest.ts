import type { z } from 'zod'
import { joinInput, keepInput, putInput, removeInput } from '../shared/mailbox/schema.ts'
import { RuleError } from '../shared/rules.ts'
import { readJson } from './body.ts'
import type { Context } from './context.ts'
import { parsed, retryAfter } from './errors.ts'
import { answered } from './rest.ts'

/** One REST call: the room as it stands in the path, still percent-encoded. */
export interface RestCall {
  request: Request
  room: string
  context: () => Context
}
type Act = (ctx: Context, call: { room: string; request: Request }) => Promise<Response>

const json = (status: number, body: unknown) => Response.json(body, { status })

const route = (name: string, act: Act) => (call: RestCall) =>
  answered(`rest.${name}`, call.context, async (ctx) =>
    act(ctx, { request: call.request, room: decodedRoom(call.room) }),
  )

function decodedRoom(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RuleError('bad-request', { issues: { room: ['is not percent-encoded UTF-8'] } })
  }
}

/** The JSON body's fields beside those of the address, by the schema of the same tRPC procedure. */
const inputOf = async <S extends z.ZodType>(
  schema: S,
  { room, request }: { room: string; request: Request },
  query: Record<string, unknown> = {},
) => {
  const body = await readJson(request)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RuleError('bad-request', { issues: { '(body)': ['is not a JSON object'] } })
  return parsed(schema, { ...body, ...query, room })
}

const callOf = ({ bearer, idempotencyKey }: Context, { signal }: Request) => ({ key: bearer, idempotencyKey, signal })

/** Seed 1 as the seed draws it: `PUT /custom/{room}`, `POST …/keep`, `POST …/join`, `DELETE /custom/{room}`. */
export const mailboxRest = {
  /** 200 {offer, offerId} · 200 {answer} · 201 {key} */
  put: route('put', async (ctx, call) => {
    const input = await inputOf(putInput, call)
    const { kind, ...body } = await ctx.foyer.mailbox.put({ ...callOf(ctx, call.request), ...input })
    return json(kind === 'key' ? 201 : 200, body)
  }),
  /** 200 {answer} · 204 (Retry-After: the polling interval); `wait` in ms in the JSON body or the query. */
  keep: route('keep', async (ctx, call) => {
    const wait = new URL(call.request.url).searchParams.get('wait')
    const input = await inputOf(keepInput, call, wait === null ? {} : { wait: Number(wait) })
    const answer = await ctx.foyer.mailbox.keep({ ...callOf(ctx, call.request), ...input })
    if (answer !== null) return json(200, { answer })
    // Who waited may ask again at once; who polls, at the seed's interval.
    const headers = input.wait > 0 ? {} : retryAfter({ retryAfterMs: ctx.foyer.env.MAILBOX_POLL_MS })
    return new Response(null, { status: 204, headers })
  }),
  /** 201 · 409 */
  join: route('join', async (ctx, call) => {
    const input = await inputOf(joinInput, call)
    await ctx.foyer.mailbox.join({ ...callOf(ctx, call.request), ...input })
    return json(201, { joined: true })
  }),
  /** 204 · 400 */
  remove: route('remove', async (ctx, call) => {
    const { room } = parsed(removeInput, { room: call.room })
    await ctx.foyer.mailbox.remove({ ...callOf(ctx, call.request), room })
    return new Response(null, { status: 204 })
  }),
}
