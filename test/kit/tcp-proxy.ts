import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * Where a connection breaks around a message of the client that holds `text`. `request`: the other end never hears of it.
 * `reply`: the other end did it, and its reply is lost.
 */
export type Cut = { lose: 'request' | 'reply'; text: string }

export type TcpProxy = AsyncDisposable & {
  port: number
  /** Cuts once, at the next message that holds the text. */
  cut: (next: Cut) => void
  /** How many connections were cut so far. */
  cuts: () => number
}

/** A TCP proxy on loopback that breaks connections where a test says; everything else passes as it is. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let next: Cut | null = null
  let cuts = 0

  const server = createServer((client) => {
    const upstream = connect(target)
    const ends = [client, upstream]
    const destroy = () => ends.forEach((end) => end.destroy())
    const strike = () => {
      cuts++
      destroy()
    }
    let losesReply = false
    client.on('data', (bytes) => {
      const cut = next !== null && bytes.includes(next.text) ? next : null
      if (cut !== null) next = null
      if (cut?.lose === 'request') return strike()
      losesReply ||= cut !== null
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (losesReply) strike()
      else client.write(bytes)
    })
    for (const end of ends) {
      sockets.add(end)
      end.on('error', destroy)
      end.on('close', () => {
        sockets.delete(end)
        destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispose = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    // edge: a server that listens on a port has an address of this shape
    port: (server.address() as AddressInfo).port,
    cut: (cut) => void (next = cut),
    cuts: () => cuts,
    [Symbol.asyncDispose]: dispose,
  }
}
