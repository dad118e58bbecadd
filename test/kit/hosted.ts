import { type JoinOptions, joinSession } from '../../client/guest.ts'
import { type HostedSession, type HostOptions, hostSession } from '../../client/host.ts'
import type { SecretStore } from '../../client/session.ts'
import type { RTCDataChannel } from 'werift'
import { until } from './until.ts'
import { Werift } from './werift.ts'

export type Hosted = HostedSession<Werift, RTCDataChannel>
type More<O> = Partial<Omit<O, 'url' | 'client'>>

/** A hosted session over a real server, with peers of werift. */
export const hosting = (url: string, more: More<HostOptions<Werift, RTCDataChannel>> = {}): Promise<Hosted> =>
  hostSession({ url, RTCPeerConnection: Werift, iceServers: [], hostName: 'Alice', ...more })

/** Joins a hosted session; `clientName` is Bob when left out. */
export const joiningAs = (url: string, more: More<JoinOptions<Werift, RTCDataChannel>> & { name: string }) =>
  joinSession({ url, RTCPeerConnection: Werift, iceServers: [], clientName: 'Bob', ...more })

/** The host's end of a client's connection, once it is open. */
export const peerOf = <P, C>(hosted: HostedSession<P, C>, client = 'Bob') =>
  until(() => hosted.peers.get(client), { what: `the host is connected with ${client}` })

/** A `sessionStorage` of its own. */
export function memoryStore(): SecretStore & { keys: () => string[] } {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    keys: () => [...items.keys()],
  }
}
