import { afterAll } from 'bun:test'
import { createTRPCClient, createWSClient, httpBatchLink, httpSubscriptionLink, splitLink, wsLink } from '@trpc/client'
import { tracked } from '@trpc/server'
import { EventSource } from 'eventsource'
import { Elysia } from 'elysia'
import superjson from 'superjson'
import { z } from 'zod'
import { boundedRequest } from '../../server/body.ts'
import { createContext } from '../../server/context.ts'
import { drain } from '../../server/drain.ts'
import { trpc } from '../../server/mount.ts'
import { trpcSocket } from '../../server/socket.ts'
import { procedure, router } from '../../server/trpc.ts'
import { LIMITS } from '../../shared/limits.ts'
import { isRule, type Rule, RuleError } from '../../shared/rules.ts'
import { openFoyer } from '../kit/server.ts'

/** What the test's own procedures do is driven from here: items of the subscription, and what became of its generators. */
export const source = { last: 0, closed: 0, wake: new Set<() => void>() }
export const emit = () => {
  source.last++
  for (const wake of source.wake) wake()
}

const nextWake = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => (source.wake.delete(end), resolve())
    source.wake.add(end)
    signal.addEventListener('abort', end, { once: true })
  })

/** A router of the tests' own on the project's procedure base: what no real procedure does on purpose. */
export const ownRouter = router({
  at: procedure.input(z.object({ at: z.date() })).query(({ input }) => ({ next: new Date(input.at.getTime() + 1) })),
  optional: procedure.input(z.object({ a: z.string().optional() })).mutation(({ input }) => Object.keys(input)),
  bearer: procedure.query(({ ctx }) => ctx.bearer),
  address: procedure.mutation(({ ctx }) => ctx.address),
  leak: procedure.mutation(() => {
    throw new Error('mongodb://user:pass@host: the secret is 42')
  }),
  refuse: procedure.input(z.custom<Rule>(isRule).default('room-full')).mutation(({ input }) => {
    throw new RuleError(input, input === 'rate-limited' ? { retryAfterMs: 1_200 } : {})
  }),
  numbers: procedure.input(z.object({ lastEventId: z.string().nullish() }).default({})).subscription(async function* ({
    input,
    ctx,
    signal,
  }) {
    const until = signal === undefined ? ctx.foyer.shutdown : AbortSignal.any([signal, ctx.foyer.shutdown])
    try {
      for (let n = Number(input.lastEventId ?? 0); ;) {
        while (n < source.last) yield tracked(String(++n), { n, at: new Date(n) })
        if (ctx.foyer.shutdown.aborted) throw new RuleError('shutting-down')
        if (until.aborted) return
        await nextWake(until)
      }
    } finally {
      source.closed++
    }
  }),
  broken: procedure.subscription(async function* () {
    yield 1
    throw new Error('mongodb://user:pass@host: the secret is 42')
  }),
})
export type OwnRouter = typeof ownRouter

export interface OwnOptions {
  url: string
  port?: number
  /** Bun's idle timeout, s. */
  idleTimeout?: number
  env?: Record<string, string>
}

const left = new Set<() => Promise<void>>()
afterAll(async () => {
  await Promise.all([...left].map((stop) => stop()))
})

/** Serves it by HTTP and WebSocket, with the mount and the socket of the real server. */
export async function serveOwn({ url, port = 0, idleTimeout = 30, env = {} }: OwnOptions) {
  const { foyer, logs, shutdown, close } = await openFoyer({ url, env })
  const socket = trpcSocket(ownRouter, {
    maxBatchSize: LIMITS.batchCalls,
    createContext: ({ peer, ...from }) => createContext(foyer, { ...from, address: peer }),
  })
  const app = new Elysia({ serve: { idleTimeout } })
    .use(
      trpc(ownRouter, {
        guard: boundedRequest,
        maxBatchSize: LIMITS.batchCalls,
        createContext: ({ req }) => createContext(foyer, { headers: req.headers, address: '192.0.2.1' }),
      }),
    )
    .use(socket.plugin)
    .listen({ port, hostname: '127.0.0.1' })
  const stop = async () => {
    left.delete(stop)
    if (app.server !== null) await app.stop(true)
    await close()
  }
  left.add(stop)
  const stopOptions = { server: app, shutdown, reconnectSockets: socket.reconnectAll, closeSockets: socket.closeAll }
  return {
    url: `http://127.0.0.1:${app.server?.port}`,
    port: app.server?.port ?? 0,
    foyer,
    logs,
    drain: () => drain({ ...stopOptions, deadlineMs: 5_000, log: foyer.log }),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** tRPC's own client over HTTP: calls batched, subscriptions as server-sent events. */
export const httpClient = (url: string) =>
  createTRPCClient<OwnRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url: `${url}/trpc`, transformer: superjson, EventSource }),
        false: httpBatchLink({ url: `${url}/trpc`, transformer: superjson }),
      }),
    ],
  })

/** tRPC's own client over WebSocket. */
export function socketClient(url: string, authorization?: string) {
  const socket = createWSClient({
    url: `${url.replace(/^http/, 'ws')}/trpc`,
    connectionParams: authorization === undefined ? null : { authorization },
    retryDelayMs: () => 20,
  })
  const client = createTRPCClient<OwnRouter>({ links: [wsLink({ client: socket, transformer: superjson })] })
  return { client, socket, [Symbol.asyncDispose]: () => socket.close() }
}
