import type { RTCDataChannel } from 'werift'
import type { FoyerError } from '../../client/errors.ts'
import { opening } from '../../client/opening.ts'
import { negotiation } from '../../client/peer.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'
import { memorySignaling } from './signaling.ts'

/** Host and client of one connection, with real peers, over signaling in memory. */
export function pair() {
  const wire = memorySignaling()
  const errors: FoyerError[] = []
  const replaced: string[] = []
  const side = (name: 'host' | 'client') => {
    const peer = new Werift()
    const talks = negotiation<RTCDataChannel>({
      peer,
      signaling: wire[name],
      polite: () => name === 'client',
      batchMs: 5,
      onError: (error) => void errors.push(error),
      onReplaced: () => void replaced.push(name),
    })
    wire.attach(name, talks.receive)
    return { peer, ...talks }
  }
  const host = side('host')
  const client = side('client')
  const own = client.peer.createDataChannel('test')
  const channels = Promise.all([opening(client.peer, own), opening<RTCDataChannel>(host.peer)])

  return {
    wire,
    host,
    client,
    errors,
    replaced,
    /** Both ends of the channel, once the client has offered. */
    channels,
    /** Both have the same newest offer, and its answer. */
    settled: (generation: number) =>
      until(() => [host, client].every((each) => each.done() && each.generation() === generation), {
        what: `both are at generation ${generation}, answered`,
      }),
    close: async () => {
      for (const { close, peer } of [host, client]) {
        close()
        await peer.close()
      }
    },
  }
}
