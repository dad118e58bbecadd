import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * Where a connection breaks around a message of the client that holds `text` (each of them). `request`: the other end never hears of it.
 * `reply`: the other end did it, and its reply is lost. `replies`: so are all later ones, on all connections, until `heal`.
 */
export type Cut = { lose: 'request' | 'reply' | 'replies'; text: string | readonly string[] }

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
  /** From now on nothing passes in either direction, on new connections too, as where packets vanish: it arrives after `heal`, if at all. */
  stall: () => void
  /** The end of `stall` and `mute`. Connections whose words were lost break. */
  heal: () => void
}

/** A TCP proxy on loopback that breaks connections where a test says; everything else passes as it is. */
export async function startTcpProxy(first: TcpTarget): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let target: TcpTarget | null = first
  let next: Cut | null = null
  let cuts = 0
  let refused = 0
  /** Those of which something waits for `heal`, also after their end. */
  const stalled = new Set<Pair>()
  const hold = (pair: Pair) => {
    pair.held ??= []
    stalled.add(pair)
  }
  let isMuted = false
  let isStalled = false

  const server = createServer((client) => {
    if (target === null) {
      refused++
      return void client.on('error', () => {}).destroy()
    }
    const pair = pairOf(client, connect(target))
    pairs.add(pair)
    if (isStalled) hold(pair)
    const strike = () => {
      cuts++
      pair.destroy()
    }
    let losesReply = false
    client.on('data', (bytes) => {
      const cut = next !== null && [next.text].flat().every((text) => bytes.includes(text)) ? next : null
      if (cut !== null) next = null
      if (cut?.lose === 'request') return strike()
      if (cut?.lose === 'replies') {
        cuts++
        isMuted = true
      }
      losesReply ||= cut?.lose === 'reply'
      pass(pair, pair.upstream, bytes)
    })
    pair.upstream.on('data', (bytes) => {
      if (losesReply) strike()
      else if (!isMuted) pass(pair, client, bytes)
      else pair.hasLost = true
    })
    client.on('close', () => pairs.delete(pair))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutAll = () => [...pairs, ...stalled].forEach((pair) => pair.destroy())
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
    stall: () => {
      isStalled = true
      for (const pair of pairs) hold(pair)
    },
    heal: () => {
      isStalled = false
      isMuted = false
      for (const pair of [...stalled]) {
        const held = pair.held ?? []
        pair.held = null
        for (const deliver of held) deliver()
      }
      stalled.clear()
      for (const pair of pairs) if (pair.hasLost) pair.destroy()
    },
    [Symbol.asyncDispose]: dispose,
  }
}

interface Pair {
  upstream: Socket
  isFrozen: boolean
  /** Something was said that never arrives. */
  hasLost: boolean
  /** What happens once it is whole again; null: it is. */
  held: (() => void)[] | null
  destroy: () => void
}

function pass(pair: Pair, to: Socket, bytes: string | Uint8Array): void {
  if (pair.isFrozen) return
  if (pair.held === null) to.write(bytes)
  else pair.held.push(() => to.write(bytes))
}

/** The two ends of one connection: where one breaks, the other does. */
function pairOf(client: Socket, upstream: Socket): Pair {
  const ends = [client, upstream]
  const destroy = () => ends.forEach((end) => end.destroy())
  const pair: Pair = { upstream, isFrozen: false, hasLost: false, held: null, destroy }
  const broke = () => {
    if (pair.held !== null) pair.held.push(destroy)
    else if (!pair.isFrozen) destroy()
  }
  for (const end of ends) {
    end.on('error', broke)
    end.on('close', broke)
  }
  return pair
}

/** The target of a proxy before a server on loopback. */
export const targetOf = (url: string): TcpTarget => ({ host: '127.0.0.1', port: Number(new URL(url).port) })
