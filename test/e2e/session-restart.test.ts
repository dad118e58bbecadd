import { expect, test } from 'bun:test'
import type { RTCDataChannel } from 'werift'
import { joinSession } from '../../client/guest.ts'
import { hostSession } from '../../client/host.ts'
import { talk } from '../kit/channel.ts'
import { Deaf } from '../kit/deaf.ts'
import { peerOf } from '../kit/hosted.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
const { url } = await spawnServer({ url: mongo })

const times = { silenceMs: 50, attemptMs: 5_000 }
const options = { url, RTCPeerConnection: Deaf, iceServers: [], ...times }

test.each(['stream', 'poll'] as const)(
  'by %s: silence on either side, or both, restarts ICE in the same seat and channel',
  async (transport) => {
    const hosted = await hostSession<Deaf, RTCDataChannel>({ ...options, transport, hostName: 'Alice' })
    const bob = await joinSession<Deaf, RTCDataChannel>({ ...options, transport, name: hosted.name, clientName: 'Bob' })
    const alice = await peerOf(hosted)
    const channel = bob.channel
    const states: string[] = []
    bob.on('state', ({ state }) => void states.push(state))
    const health: string[] = []
    hosted.on('health', (each) => void health.push(each.health))

    const generation = async () => {
      const session = await db.collection('sessions').findOne({ name: hosted.name })
      const seat = await db.collection('seats').findOne({ session: session?._id.toString(), name: 'Bob' })
      return Number(seat?.generation ?? 0)
    }
    const restarted = async (expected: number) => {
      await until(async () => (await generation()) >= expected, { what: `generation ${expected}` })
      await until(() => [bob.peer, alice.peer].every((peer) => peer.iceConnectionState === 'connected'), {
        what: 'ICE is back',
      })
      await talk(bob.channel, alice.channel)
    }
    bob.peer.fallSilent()
    await restarted(2)
    await until(() => states.at(-1) === 'open', { what: 'Bob knows' })
    expect(states).toEqual(['restarting', 'open'])

    alice.peer.fallSilent()
    await restarted(3)
    await until(() => health.at(-1) === 'connected', { what: 'Alice knows' })
    expect(health).toContain('restarting')

    const before = await generation()
    bob.peer.fallSilent()
    alice.peer.fallSilent()
    await restarted(before + 1)

    const waiting = { kind: { $in: ['offer', 'answer', 'candidates'] }, body: { $exists: true } }
    await until(async () => (await db.collection('signals').countDocuments(waiting)) === 0, {
      what: 'no signal is left',
      deadlineMs: 15_000,
    })
    expect(bob.channel).toBe(channel)
    expect(hosted.peers.get('Bob')?.channel).toBe(alice.channel)
    await bob.leave()
    await hosted.close()
  },
  60_000,
)
