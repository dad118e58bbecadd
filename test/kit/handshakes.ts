import { expect } from 'bun:test'
import { joinSession } from '../../client/guest.ts'
import { hostSession } from '../../client/host.ts'
import { meet } from '../../client/mailbox.ts'
import { talk } from './channel.ts'
import { until } from './until.ts'
import { Werift } from './werift.ts'

/** A handshake from nothing to data that flows both ways; it ends what it opened. */
export type Handshake = (url: string, name: string) => Promise<void>

/** Seed 1: two who call `meet` at the same time. */
export const meeting: Handshake = async (url, room) => {
  const options = { url, RTCPeerConnection: Werift, iceServers: [] }
  const [one, other] = await Promise.all([meet(room, options), meet(room, options)])
  expect([one.role, other.role].sort()).toEqual(['guest', 'host'])
  await talk(one.channel, other.channel)
  one.close()
  other.close()
}

/** Seed 3: a host, and a client who joins. */
export const joining =
  (transport: 'stream' | 'poll'): Handshake =>
  async (url, name) => {
    const options = { url, RTCPeerConnection: Werift, iceServers: [], transport, name }
    const hosted = await hostSession({ ...options, hostName: 'Alice' })
    const joined = await joinSession({ ...options, clientName: 'Bob' })
    const bob = await until(() => hosted.peers.get('Bob'), { what: 'the host has the channel too' })
    await talk(joined.channel, bob.channel)
    await joined.leave()
    await hosted.close()
  }
