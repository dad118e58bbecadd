import { connect, createServer, type AddressInfo } from 'node:net'

export interface ReplyProxy extends AsyncDisposable {
  url: string
  /** Breaks the connection in place of the next message of the server that holds the text: what it replies to was done. */
  loseReply: (text: string) => void
  /** How many were lost so far. */
  lost: () => number
}

/** A proxy before a server on loopback, for WebSockets: there a server's frames can be read, and a client's are masked. */
export async function startReplyProxy(target: { port: number }): Promise<ReplyProxy> {
  let next: string | null = null
  let lost = 0
  const ends = new Set<() => void>()
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: target.port })
    const destroy = () => {
      client.destroy()
      upstream.destroy()
      ends.delete(destroy)
    }
    ends.add(destroy)
    for (const end of [client, upstream]) end.on('error', destroy).on('close', destroy)
    client.on('data', (bytes) => void upstream.write(bytes))
    upstream.on('data', (bytes) => {
      if (next === null || !bytes.includes(next)) return void client.write(bytes)
      next = null
      lost++
      destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // edge: a server that listens on a port has an address of this shape
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    loseReply: (text) => void (next = text),
    lost: () => lost,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const destroy of [...ends]) destroy()
      await closed
    },
  }
}
