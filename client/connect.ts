import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  type Operation,
  splitLink,
  type TRPCClient,
  type TRPCWebSocketClient,
  wsLink,
} from '@trpc/client'
import { EventSource } from 'eventsource'
import type { AppRouter } from '../server/app.ts'
import { LIMITS } from '../shared/limits.ts'
import { backoffMs } from './retry.ts'
import { transformer } from './transformer.ts'

/** The typed tRPC client of a Foyer server. */
export type FoyerClient = TRPCClient<AppRouter>

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>
type Token = string | null | undefined

export interface ConnectOptions {
  /** The server's origin (with a path if it is mounted under one); `''` in a browser: the page's own origin. */
  url: string
  fetch?: Fetch
  /** Bearer token of calls that do not bring their own: the integrator's JWT. A function is asked before each request. */
  token?: Token | (() => Token | Promise<Token>)
  /**
   * `websocket`: calls and subscriptions go through one tRPC WebSocket, opened at the first and closed when idle. It has
   * the `token` as connectionParams; calls with a context of their own still go by HTTP, where headers can be theirs.
   */
  transport?: 'http' | 'websocket'
}

/** What a single call may bring: `client.mailbox.keep.mutate(input, { context })`. A type alias, so that tRPC's record type takes it. */
export type CallContext = {
  /** `Bearer <room key, session secret or JWT>`; without the scheme it is added. */
  authorization?: string | undefined
  idempotencyKey?: string | undefined
  /** The request may outlive the page (fetch `keepalive`): for the last words of a tab. */
  keepalive?: boolean | undefined
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const endpointOf = (url: string) => `${url.replace(/\/+$/, '')}/trpc`
export const bearer = (token: string) => (/^bearer /i.test(token) ? token : `Bearer ${token}`)
const hasContext = ({ context }: Operation) =>
  text(context.authorization) !== undefined || text(context.idempotencyKey) !== undefined

/**
 * A typed tRPC client for browsers and Bun. Calls with a context of their own (room key, session secret, Idempotency-Key)
 * are sent alone, since a batch has one set of headers; the others are batched. Subscriptions are server-sent events read
 * by fetch, which can send the secret as a header: a native EventSource would need it in the URL.
 */
export function connect({ url, token, transport = 'http', fetch: given }: ConnectOptions): FoyerClient {
  const endpoint = endpointOf(url)
  // Looked up at each call, so that a page's later instrumentation of `fetch` is seen.
  const fetch: Fetch = (input, init) => (given ?? globalThis.fetch)(input, init)
  const lasting: Fetch = (input, init) => fetch(input, { ...init, keepalive: true })
  const tokenNow = async () => text(typeof token === 'function' ? await token() : token)

  const headersOf = async (context: Operation['context'] = {}) => {
    const secret = text(context.authorization) ?? (await tokenNow())
    const key = text(context.idempotencyKey)
    return {
      ...(secret === undefined ? {} : { authorization: bearer(secret) }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }
  }
  const base = { url: endpoint, transformer }
  const alone = { ...base, headers: ({ op }: { op: Operation }) => headersOf(op.context) }

  const calls = splitLink<AppRouter>({
    condition: hasContext,
    true: splitLink({
      condition: ({ context }) => context.keepalive === true,
      true: httpLink({ ...alone, fetch: lasting }),
      false: httpLink({ ...alone, fetch }),
    }),
    false: httpBatchLink({ ...base, fetch, maxItems: LIMITS.batchCalls, headers: () => headersOf() }),
  })
  const events = httpSubscriptionLink<AppRouter, typeof EventSource>({
    ...base,
    EventSource,
    eventSourceOptions: ({ op }) => ({
      fetch: async (input, init) =>
        fetch(input, { ...init, headers: { ...init.headers, ...(await headersOf(op.context)) } }),
    }),
  })
  const http = splitLink<AppRouter>({ condition: ({ type }) => type === 'subscription', true: events, false: calls })
  if (transport === 'http') return createTRPCClient<AppRouter>({ links: [http] })

  const socket = openSocket(url, async () => headersOf())
  const socketLink = wsLink<AppRouter>({ client: socket, transformer })
  return createTRPCClient<AppRouter>({ links: [splitLink({ condition: hasContext, true: http, false: socketLink })] })
}

/** tRPC's WebSocket to a server, opened at the first call; `params` are asked for at each connection. */
export const openSocket = (url: string, params: () => Promise<{ authorization?: string }>): TRPCWebSocketClient =>
  createWSClient({
    url: socketUrl(endpointOf(url)),
    lazy: { enabled: true, closeMs: 10_000 },
    WebSocket: promptSocket(),
    // A connection that is half open says nothing of it. The server pings each 5 s, so that on a healthy one this asks nothing.
    keepAlive: { enabled: true, intervalMs: 5_500, pongTimeoutMs: 1_500 },
    retryDelayMs: (failures) => backoffMs(failures),
    connectionParams: params,
  })

/** Where the server is: its address, or a client that `connect` made. */
export type ServerOption = { url: string; client?: undefined } | { client: FoyerClient; url?: undefined }

export const clientOf = (server: ServerOption): FoyerClient => server.client ?? connect({ url: server.url })

/** ws(s):// of the same address; a relative one is the page's. */
const socketUrl = (endpoint: string) => {
  const { href } = new URL(endpoint, globalThis.location?.href)
  return href.replace(/^http/, 'ws')
}

/** How long the closing handshake may take, ms. */
const CLOSE_MS = 500

/** A WebSocket that is closed soon after `close()`: where the other end is gone, the platform's waits ten seconds for its answer. */
const promptSocket = () =>
  class extends WebSocket {
    override close(code?: number, reason?: string): void {
      super.close(code, reason)
      setTimeout(() => {
        if (this.readyState === WebSocket.CLOSING) this.dispatchEvent(new Event('close'))
      }, CLOSE_MS)
    }
  }
