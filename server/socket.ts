import { EventEmitter } from 'node:events'
import { type AnyTRPCRouter, type inferRouterContext } from '@trpc/server'
import { getWSConnectionHandler, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import { Elysia } from 'elysia'
import { assertShallow } from './body.ts'
import { createFlow, type Flow } from './flow.ts'
import { LIMITS } from '../shared/limits.ts'

/** The part of Bun's socket that is used. */
interface RawSocket {
  /** Bytes sent; -1: they are buffered; 0: they were dropped. */
  send(data: string | Uint8Array): number
  getBufferedAmount(): number
  close(code?: number, reason?: string): unknown
  terminate(): unknown
}

/** What tRPC's WebSocket handler takes for a `ws` socket: events in, frames out. */
class Socket extends EventEmitter {
  readyState: number = WebSocket.OPEN
  readonly flow = createFlow(() => this.raw.getBufferedAmount())
  constructor(private readonly raw: RawSocket) {
    super()
  }
  /** A client that asks and asks and does not read is cut when a reply is dropped: it must not miss one silently. */
  send = (data: string | Uint8Array) => {
    if (this.raw.send(data) === 0 && this.readyState === WebSocket.OPEN) this.terminate()
  }
  close = (code?: number, reason?: string) => void this.raw.close(code, reason)
  terminate = () => void this.raw.terminate()
}

/** Bun takes these for the whole server: Elysia does not pass on what stands at a `.ws()` route. */
export const WEBSOCKET = { maxPayloadLength: LIMITS.bodyBytes, idleTimeout: 60 } as const

export interface SocketOptions<R extends AnyTRPCRouter> {
  endpoint?: string
  createContext: (source: {
    headers: Headers
    peer: string | null
    params: Record<string, string | undefined> | null
    overSocket: true
    flow: Flow | undefined
  }) => inferRouterContext<R>
  maxBatchSize?: number
  onError?: (error: unknown, path: string | undefined) => void
}

/**
 * tRPC over WebSocket behind Elysia's `.ws()`, by tRPC's own connection handler and a thin socket object
 * (trpc-bun-adapter does not deliver `tracked` events of tRPC 11). `reconnectAll` tells the clients to resume elsewhere.
 */
export const trpcSocket = <R extends AnyTRPCRouter>(router: R, options: SocketOptions<R>) => {
  const { endpoint = '/trpc', createContext, maxBatchSize, onError } = options
  const sockets = new Map<string, Socket>()
  const requests = new WeakMap<object, { headers: Headers; peer: string | null; flow: Flow }>()
  const handlerOptions = {
    router,
    maxBatchSize,
    keepAlive: { enabled: true, pingMs: 5_000, pongWaitMs: 5_000 },
    createContext: ({
      req,
      info,
    }: {
      req: object
      info: { connectionParams: Record<string, string | undefined> | null }
    }) =>
      createContext({
        headers: new Headers(),
        peer: null,
        flow: undefined,
        ...requests.get(req),
        params: info.connectionParams,
        overSocket: true,
      }),
    onError: ({ error, path }: { error: unknown; path?: string | undefined }) => onError?.(error, path),
  }
  // edge: the handler is typed for the `ws` package; it uses what Socket offers, which test/server/socket.test.ts shows.
  const connect = getWSConnectionHandler(handlerOptions as unknown as WSSHandlerOptions<R>) as unknown as (
    socket: Socket,
    request: { url: string; headers: { host: string } },
  ) => void

  const plugin = new Elysia({ name: `trpc-ws:${endpoint}` }).ws(endpoint, {
    open(ws) {
      // edge: it is Bun's own socket; Elysia's type leaves some of it out.
      const socket = new Socket(ws.raw as unknown as RawSocket)
      const { headers } = ws.data.request
      const { pathname, search } = new URL(ws.data.request.url)
      const url = pathname + search
      // tRPC reads the address and `:scheme` off what it takes for a Node request.
      const request = { url, headers: { host: 'localhost' } }
      requests.set(request, { headers, peer: ws.remoteAddress, flow: socket.flow })
      sockets.set(ws.id, socket)
      connect(socket, request)
      // Elysia would parse each frame as JSON first; tRPC wants the text, and deep JSON must not be parsed at all.
      Object.assign(ws.raw.data, { message: (_raw: unknown, frame: unknown) => receive(socket, frame) })
    },
    drain(ws) {
      sockets.get(ws.id)?.flow.drained()
    },
    close(ws) {
      const socket = sockets.get(ws.id)
      sockets.delete(ws.id)
      if (socket === undefined) return
      socket.readyState = WebSocket.CLOSED
      socket.flow.end()
      socket.emit('close')
    },
  })
  return {
    plugin,
    /** Tells every client to open a new connection, which a load balancer sends to another instance. */
    reconnectAll: () => {
      for (const socket of sockets.values()) socket.send(JSON.stringify({ id: null, method: 'reconnect' }))
    },
    closeAll: () => {
      for (const socket of sockets.values()) socket.close(1012, 'service restart')
    },
  }
}

function receive(socket: Socket, frame: unknown): void {
  if (typeof frame !== 'string') return socket.close(1003, 'text frames only')
  try {
    assertShallow(frame)
  } catch {
    return socket.close(1008, 'too-deep')
  }
  socket.emit('message', Buffer.from(frame), false)
}
