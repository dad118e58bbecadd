import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `request`: the server never hears of it. `response`: the server did it, and nobody hears so; of a stream: its next event. */
export type Fault = { drop: 'request' | 'response'; nth: number }

export interface ProxyOptions {
  /** Called with each request's number, from 1, before it is forwarded. */
  onRequest?: (nth: number, path: string) => void | Promise<void>
}

/** An HTTP proxy on loopback that loses what a test says. */
export type Proxy = AsyncDisposable & {
  url: string
  /** What was asked so far, by path. */
  seen: readonly string[]
  /** Starts counting anew, with this fault or none. */
  expect: (fault: Fault | null) => void
  /** Whether the fault has happened. */
  struck: () => boolean
  /** Paths that are answered 502 from now on. */
  block: (path: RegExp | null) => void
  /** Cuts every open connection. */
  cut: () => void
}

/** Forwards to `target`; where that is away, connections break as they would without a proxy. */
export async function startProxy(target: string, { onRequest }: ProxyOptions = {}): Promise<Proxy> {
  let seen: string[] = []
  let fault: Fault | null = null
  let struck = false
  let blocked: RegExp | null = null

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/'
    const body = await bodyOf(request)
    seen.push(path.split('?')[0] ?? path)
    const nth = seen.length
    const mine = fault?.nth === nth ? fault : null
    await onRequest?.(nth, path)
    if (blocked?.test(path)) return void response.writeHead(502).end('Bad gateway')
    if (mine?.drop === 'request') {
      struck = true
      return void request.socket.destroy()
    }
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const answered = await fetch(target + path, {
      method: request.method ?? 'GET',
      headers: headersOf(request),
      signal: gone.signal,
      ...(body.length === 0 ? {} : { body }),
    })
    const strike = () => {
      struck = true
      request.socket.destroy()
      gone.abort()
    }
    const lose = mine === null ? null : strike
    await pass(answered, response, lose)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // edge: a server that listens on a port has an address of this shape
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    get seen() {
      return seen
    },
    expect: (next) => {
      seen = []
      struck = false
      fault = next
    },
    struck: () => struck,
    block: (path) => {
      blocked = path
    },
    cut: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function pass(answered: Response, response: ServerResponse, lose: (() => void) | null) {
  const type = answered.headers.get('content-type') ?? ''
  const streams = type.startsWith('text/event-stream')
  if (!streams) {
    const body = new Uint8Array(await answered.arrayBuffer())
    if (lose !== null) return lose()
    response.writeHead(answered.status, passedOn(answered)).end(body)
    return
  }
  response.writeHead(answered.status, passedOn(answered))
  const decoder = new TextDecoder()
  for await (const chunk of answered.body ?? []) {
    // Not the greeting and the pings: an event with an id is what a reader would miss.
    if (lose !== null && /^id: /m.test(decoder.decode(chunk))) return lose()
    response.write(chunk)
  }
  response.end()
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

const HOP = new Set(['connection', 'host', 'content-length', 'transfer-encoding', 'content-encoding', 'keep-alive'])

const headersOf = (request: IncomingMessage) =>
  Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    HOP.has(name) || typeof value !== 'string' ? [] : [[name, value]],
  )

const passedOn = (answered: Response) => Object.fromEntries([...answered.headers].filter(([name]) => !HOP.has(name)))
