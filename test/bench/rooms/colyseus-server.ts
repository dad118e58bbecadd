import type { AddressInfo } from 'node:net'
import { type Client, Room, Server } from '@colyseus/core'
import { schema, t } from '@colyseus/schema'
import { WebSocketTransport } from '@colyseus/ws-transport'
import { serveActs } from './acting.ts'

const Counter = schema({ n: t.number() })

/**
 * A Colyseus room as its documentation makes one: a message changes the state and is answered. All is in memory and ends with
 * the process. The state goes to its clients 20 times a second (the default), or with `live` at each change.
 */
class CounterRoom extends Room {
  override onCreate({ live }: { live?: boolean }) {
    const state = new Counter()
    state.n = 0
    this.state = state
    // Rooms without clients stay: the bench leaves and comes.
    this.autoDispose = false
    this.maxMessagesPerSecond = Number.POSITIVE_INFINITY
    if (live === true) this.patchRate = null
    this.onMessage('increment', (_client: Client) => {
      state.n++
      if (live === true) this.broadcastPatch()
      return state.n
    })
    this.onMessage('read', () => state.n)
  }
}

async function serve(): Promise<{ port: number }> {
  const transport = new WebSocketTransport({ pingInterval: 0 })
  const server = new Server({ transport, greet: false, gracefullyShutdown: false })
  server.define('counter', CounterRoom)
  await server.listen(0, '127.0.0.1')
  // edge: it listens on a port, not on a pipe.
  return { port: (transport.server?.address() as AddressInfo).port }
}

const acts = { serve: (_: { url: string }) => serve() }
export type ColyseusActs = typeof acts
serveActs(acts)
