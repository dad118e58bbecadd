import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * Where a connection breaks around a message of the client that holds `text`. `request`: the other end never hears of it.
 * `reply`: the other end did it, and its reply is lost.
 */
export type Cut = { lose: 'request' | 'reply'; text: string }

export type TcpTarget = { host: string; port: number }

export type TcpProxy = AsyncDisposable & {
  port: number
  /** For clients of a target that speaks HTTP. */
  url: string
  /** Cuts once, at the next message that holds the text. */
  cut: (next: Cut) => void
  /** How many connections were cut so far. */
  cuts: () => number
  /** How many were refused while it had no target. */
  refused: () => number
  /** Where connections go that are opened from now on; null: they break, as where nobody listens. */
  aim: (target: TcpTarget | null) => void
  /** Breaks every connection. */
  cutAll: () => void
  /** Half-opens every connection: from now on nothing passes on it, and neither end hears that it is over. New ones are whole. */
  freeze: () => void
  /** From now on the target's words are lost, on new connections too, while those of the clients arrive. */
  mute: () => void
}

/** A TCP proxy on loopback that breaks connections where a test says; everything else passes as it is. */
export async function startTcpProxy(first: TcpTarget): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let target: TcpTarget | null = first
  let next: Cut | null = null
  let cuts = 0
  let refused = 0
  let isMuted = false

  const server = createServer((client) => {
    if (target === null) {
      refused++
      return void client.on('error', () => {}).destroy()
    }
    const pair = pairOf(client, connect(target))
    pairs.add(pair)
    const strike = () => {
      cuts++
      pair.destroy()
    }
    let losesReply = false
    client.on('data', (bytes) => {
      const cut = next !== null && bytes.includes(next.text) ? next : null
      if (cut !== null) next = null
      if (cut?.lose === 'request') return strike()
      losesReply ||= cut !== null
      if (!pair.isFrozen) pair.upstream.write(bytes)
    })
    pair.upstream.on('data', (bytes) => {
      if (losesReply) strike()
      else if (!pair.isFrozen && !isMuted) client.write(bytes)
    })
    client.on('close', () => pairs.delete(pair))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutAll = () => pairs.forEach((pair) => pair.destroy())
  const dispose = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    cutAll()
    await closed
  }
  // edge: a server that listens on a port has an address of this shape
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cut: (cut) => void (next = cut),
    cuts: () => cuts,
    refused: () => refused,
    aim: (to) => void (target = to),
    cutAll,
    freeze: () => pairs.forEach((pair) => void (pair.isFrozen = true)),
    mute: () => void (isMuted = true),
    [Symbol.asyncDispose]: dispose,
  }
}

interface Pair {
  upstream: Socket
  isFrozen: boolean
  destroy: () => void
}

/** The two ends of one connection: where one breaks, the other does. */
function pairOf(client: Socket, upstream: Socket): Pair {
  const ends = [client, upstream]
  const destroy = () => ends.forEach((end) => end.destroy())
  const pair: Pair = { upstream, isFrozen: false, destroy }
  const broke = () => {
    if (!pair.isFrozen) destroy()
  }
  for (const end of ends) {
    end.on('error', broke)
    end.on('close', broke)
  }
  return pair
}

/** The target of a proxy before a server on loopback. */
export const targetOf = (url: string): TcpTarget => ({ host: '127.0.0.1', port: Number(new URL(url).port) })
