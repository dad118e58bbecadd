import type { Socket } from 'bun'

/** A request to the client's server; `body` is sent as JSON. */
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
  isOpen: () => boolean
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * A load generator's HTTP/1.1 client: kept-alive connections, one request at a time on each, replies of known length.
 * It costs a fraction of `fetch`, so that on a machine of two cores it is the server that is measured.
 */
export function httpClient({ hostname = '127.0.0.1', port }: { hostname?: string; port: number }) {
  const idle: Connection[] = []
  const sockets = new Set<Socket>()

  const call = async (request: Call): Promise<Reply> => {
    let connection = idle.pop()
    // The server ends a connection that nobody uses.
    while (connection?.isOpen() === false) connection = idle.pop()
    connection ??= await connect()
    const reply = await connection.send(request)
    idle.push(connection)
    return reply
  }

  const connect = async (): Promise<Connection> => {
    let received: Buffer = Buffer.alloc(0)
    let unsent: Buffer = Buffer.alloc(0)
    let waiting = Promise.withResolvers<Reply>()
    const flush = (socket: Socket) => {
      const sent = socket.write(unsent)
      unsent = unsent.subarray(Math.max(0, sent))
    }
    const socket = await Bun.connect({
      hostname,
      port,
      socket: {
        data: (_, chunk) => {
          received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
          const reply = replyOf(received)
          if (reply === null) return
          received = Buffer.alloc(0)
          waiting.resolve(reply)
        },
        drain: flush,
        close: (closed) => {
          sockets.delete(closed)
          waiting.reject(new Error('the server closed the connection'))
        },
        error: (_, error) => waiting.reject(error),
      },
    })
    sockets.add(socket)
    const send = (request: Call) => {
      waiting = Promise.withResolvers()
      unsent = bytesOf(request, `${hostname}:${port}`)
      flush(socket)
      return waiting.promise
    }
    // Nobody hears the end of a connection that is not in use.
    waiting.promise.catch(() => {})
    return { send, isOpen: () => sockets.has(socket) }
  }

  return {
    call,
    /** How many connections are open: at most as many as calls were in flight at once. */
    size: () => sockets.size,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.terminate()
    },
  }
}
export type HttpClient = ReturnType<typeof httpClient>

function bytesOf({ method, path, body, bearer }: Call, host: string) {
  const json = body === undefined ? '' : JSON.stringify(body)
  const authorization = bearer === undefined ? '' : `authorization: Bearer ${bearer}\r\n`
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${authorization}content-type: application/json\r\n`
  return Buffer.from(`${head}content-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`)
}

/** The reply in these bytes, or null when some are still to come. */
function replyOf(bytes: Buffer): Reply | null {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  if (/^transfer-encoding:/im.test(head)) throw new Error('the reply is chunked')
  const body = end + HEAD_END.length
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  if (bytes.length < body + length) return null
  return { status: Number(head.slice(9, 12)), text: bytes.toString('utf8', body, body + length) }
}
