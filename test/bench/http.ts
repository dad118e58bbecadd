import type { Socket } from 'bun'

/** A request to one server; `body` is sent as JSON. */
export interface Call {
  method: 'PUT' | 'POST' | 'DELETE' | 'GET'
  path: string
  body?: unknown
  bearer?: string | undefined
}
export interface Reply {
  status: number
  text: string
}

interface Connection {
  send: (call: Call) => Promise<Reply>
}

const CRLF2 = Buffer.from('\r\n\r\n')

/**
 * A load generator's HTTP/1.1 client: kept-alive connections, one request at a time on each, nothing but the status and
 * a body of known length. It costs a fraction of `fetch`, so that what is measured on two cores is the server.
 */
export function httpClient({ hostname, port }: { hostname: string; port: number }) {
  const idle: Connection[] = []
  const open = new Set<Socket<undefined>>()

  const call = async (request: Call): Promise<Reply> => {
    const connection = idle.pop() ?? (await connect())
    const reply = await connection.send(request)
    idle.push(connection)
    return reply
  }

  const connect = async (): Promise<Connection> => {
    let received: Buffer[] = []
    let waiting: PromiseWithResolvers<Reply> | null = null
    const fail = (error: Error) => waiting?.reject(error)
    const socket: Socket<undefined> = await Bun.connect({
      hostname,
      port,
      socket: {
        data(_, chunk) {
          received.push(chunk)
          const reply = replyOf(received.length === 1 ? chunk : Buffer.concat(received))
          if (reply === null) return
          received = []
          waiting?.resolve(reply)
        },
        close: (closed) => {
          open.delete(closed)
          fail(new Error('the server closed the connection'))
        },
        error: (_, error) => fail(error),
      },
    })
    open.add(socket)
    const send = (request: Call) => {
      waiting = Promise.withResolvers()
      const text = textOf(request, `${hostname}:${port}`)
      if (socket.write(text) < Buffer.byteLength(text)) fail(new Error('the socket took only a part'))
      return waiting.promise
    }
    return { send }
  }

  return {
    call,
    /** How many connections are open: at most as many as calls were in flight at once. */
    size: () => open.size,
    [Symbol.dispose]: () => {
      for (const socket of open) socket.terminate()
    },
  }
}
export type HttpClient = ReturnType<typeof httpClient>

function textOf({ method, path, body, bearer }: Call, host: string): string {
  const json = body === undefined ? '' : JSON.stringify(body)
  const authorization = bearer === undefined ? '' : `authorization: Bearer ${bearer}\r\n`
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${authorization}content-type: application/json\r\n`
  return `${head}content-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
}

/** The reply in these bytes, or null when some are still to come. */
function replyOf(bytes: Buffer): Reply | null {
  const end = bytes.indexOf(CRLF2)
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  if (/transfer-encoding/i.test(head)) throw new Error('the reply is chunked')
  const body = end + CRLF2.length
  if (bytes.length < body + length) return null
  return { status: Number(head.slice(9, 12)), text: bytes.toString('utf8', body, body + length) }
}
