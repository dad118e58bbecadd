import { Elysia } from 'elysia'
import { clientAddress, limitKey, trustedProxies } from './address.ts'
import { appRouter } from './app.ts'
import { boundedRequest } from './body.ts'
import { type ContextSource, createContext } from './context.ts'
import { corsHeaders, preflight, SECURITY_HEADERS } from './cors.ts'
import { importDeckRest } from './deck.rest.ts'
import { type DemoFiles, demoResponse } from './demo.ts'
import { faultOf, problem } from './errors.ts'
import type { Foyer } from './foyer.ts'
import { mailboxRest } from './mailbox.rest.ts'
import { trpc } from './mount.ts'
import { opsRoutes } from './ops.ts'
import { SERVE } from './serve.ts'
import { trpcSocket, WEBSOCKET } from './socket.ts'
import { LIMITS } from '../shared/limits.ts'

/** Bun cuts a connection that is silent for this long; a long-poll is silent on purpose. */
const IDLE_SECONDS = 30

interface Server {
  requestIP(request: Request): { address: string } | null
}

/** The HTTP side of a process: tRPC, its WebSocket, seed 1's REST routes, operations, the demo site. */
export function createHttp(foyer: Foyer, demo: DemoFiles | null) {
  const trusted = trustedProxies(foyer.env.TRUSTED_PROXIES)
  const addressOf = (peer: string | null, headers: Headers) => {
    const address = clientAddress(peer, headers.get('x-forwarded-for'), trusted)
    return address === null ? null : limitKey(address)
  }
  const contextOf = ({ peer, ...source }: Omit<ContextSource, 'address'> & { peer: string | null }) =>
    createContext(foyer, { ...source, address: addressOf(peer, source.headers) })
  const peerOf = (server: Server | null, request: Request) => server?.requestIP(request)?.address ?? null
  // Faults inside procedures are logged with their procedure (admit.ts); here only what happened outside of any.
  const onError = (error: unknown, path: string | undefined) => {
    if (path === undefined && faultOf(error).ours) foyer.log.error({ err: error }, 'request failed')
  }

  const peers = new WeakMap<Request, string | null>()
  const socket = trpcSocket(appRouter, { createContext: contextOf, maxBatchSize: LIMITS.frameCalls, onError })
  const rest =
    (act: (typeof mailboxRest)[keyof typeof mailboxRest]) =>
    ({ request }: { request: Request }) =>
      act({
        request,
        room: new URL(request.url).pathname.split('/')[2] ?? '',
        context: () => contextOf({ headers: request.headers, peer: peers.get(request) ?? null }),
      })
  const unparsed = { parse: 'none' as const }
  const longestWaitMs = Math.max(foyer.env.MAILBOX_MAX_WAIT_MS, foyer.env.SESSION_MAX_WAIT_MS)
  const idleTimeout = IDLE_SECONDS + Math.ceil(longestWaitMs / 1_000)

  const app = new Elysia({
    serve: { ...SERVE, maxRequestBodySize: Number.MAX_SAFE_INTEGER, idleTimeout },
    websocket: WEBSOCKET,
  })
    .onRequest(({ request, set, server }) => {
      peers.set(request, peerOf(server, request))
      const cors = corsHeaders(foyer.env.CORS_ORIGINS, request.headers.get('origin'))
      Object.assign(set.headers, SECURITY_HEADERS, cors)
      if (request.method === 'OPTIONS') return preflight(cors)
    })
    .onError(({ error, code }) => {
      if (code === 'NOT_FOUND') return problem({ rule: 'not-found', details: {} })
      if (code === 'PARSE' || code === 'VALIDATION') return problem({ rule: 'bad-request', details: {} })
      onError(error, undefined)
      return problem(faultOf(error))
    })
    .use(opsRoutes(foyer))
    .put('/custom/:room', rest(mailboxRest.put), unparsed)
    .post('/custom/:room/keep', rest(mailboxRest.keep), unparsed)
    .post('/custom/:room/join', rest(mailboxRest.join), unparsed)
    .delete('/custom/:room', rest(mailboxRest.remove), unparsed)
    .post(
      '/decks/import',
      ({ request }) =>
        importDeckRest(request, () => contextOf({ headers: request.headers, peer: peers.get(request) ?? null })),
      unparsed,
    )
    .use(
      trpc(appRouter, {
        guard: boundedRequest,
        maxBatchSize: LIMITS.batchCalls,
        createContext: ({ req }) => contextOf({ headers: req.headers, peer: peers.get(req) ?? null }),
        onError,
      }),
    )
    .use(socket.plugin)
    .get('/*', ({ request }) => demoResponse(demo, new URL(request.url).pathname))
  return { app, socket }
}
