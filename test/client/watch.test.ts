import { describe, expect, test } from 'bun:test'
import type { ChannelLike, PeerEvent, PeerLike } from '../../client/rtc.ts'
import { type Health, watchPeer } from '../../client/watch.ts'
import { until } from '../kit/until.ts'

/** Only what the watch looks at: two states and their events. */
class Patient extends EventTarget implements PeerLike<ChannelLike> {
  iceConnectionState = 'new'
  connectionState = 'new'
  signalingState = 'stable'
  iceGatheringState = 'new'
  localDescription = null
  become(state: string) {
    this.iceConnectionState = state
    this.connectionState = state === 'completed' ? 'connected' : state
    this.dispatchEvent(new Event('iceconnectionstatechange'))
  }
  override addEventListener(type: string, listener: (event: PeerEvent<ChannelLike>) => void) {
    super.addEventListener(type, listener)
  }
  override removeEventListener(type: string, listener: (event: PeerEvent<ChannelLike>) => void) {
    super.removeEventListener(type, listener)
  }
  createDataChannel(): ChannelLike {
    throw new Error('not asked for')
  }
  setLocalDescription = async () => {}
  setRemoteDescription = async () => {}
  addIceCandidate = async () => {}
  restartIce = () => {}
  setConfiguration = () => {}
  close = () => {}
}

function watched(times: { silenceMs: number; attemptMs: number; attempts?: number }) {
  const peer = new Patient()
  const health: Health[] = []
  let restarts = 0
  const watch = watchPeer({
    peer,
    ...times,
    restart: () => void restarts++,
    onHealth: (next) => void health.push(next),
  })
  return { peer, health, watch, restarts: () => restarts }
}
const NEVER = 60_000

describe('the watch over a connection', () => {
  test('restarts ICE at once when it failed', () => {
    const { peer, watch, restarts, health } = watched({ silenceMs: NEVER, attemptMs: NEVER })
    watch.open()
    peer.become('failed')
    expect(restarts()).toBe(1)
    expect(health).toEqual(['connected', 'restarting'])
    peer.become('failed')
    expect(restarts()).toBe(1)
    watch.stop()
  })

  test('restarts ICE when the other side has been silent for a while', async () => {
    const { peer, watch, restarts } = watched({ silenceMs: 20, attemptMs: NEVER })
    watch.open()
    peer.become('disconnected')
    expect(restarts()).toBe(0)
    await until(() => restarts() === 1, { what: 'a restart' })
    watch.stop()
  })

  test('does nothing about a silence that passes', async () => {
    const { peer, watch, restarts, health } = watched({ silenceMs: 20, attemptMs: NEVER })
    watch.open()
    peer.become('disconnected')
    peer.become('connected')
    // One that stays silent, from later on, is the clock.
    const other = watched({ silenceMs: 20, attemptMs: NEVER })
    other.watch.open()
    other.peer.become('disconnected')
    await until(() => other.restarts() === 1, { what: 'the other restarts' })
    other.watch.stop()
    expect(restarts()).toBe(0)
    expect(health).toEqual(['connected'])
    watch.stop()
  })

  test('tries a bounded number of times, then says lost, and still notices when it comes back', async () => {
    const { peer, watch, restarts, health } = watched({ silenceMs: NEVER, attemptMs: 15, attempts: 3 })
    watch.open()
    peer.become('failed')
    await until(() => health.at(-1) === 'lost', { what: 'lost' })
    expect(restarts()).toBe(3)
    peer.become('completed')
    expect(health).toEqual(['connected', 'restarting', 'lost', 'connected'])
    peer.become('failed')
    expect(restarts()).toBe(4)
    watch.stop()
  })

  test('gives a first connection its time from the first answer on', async () => {
    const { watch, restarts, health } = watched({ silenceMs: NEVER, attemptMs: 15, attempts: 2 })
    expect(restarts()).toBe(0)
    watch.begin()
    await until(() => health.at(-1) === 'lost', { what: 'lost' })
    expect(restarts()).toBe(2)
    watch.stop()
  })

  test('does not take ICE for the connection: only an open channel is one', () => {
    const { peer, watch, health } = watched({ silenceMs: NEVER, attemptMs: NEVER })
    peer.become('connected')
    expect(health).toEqual([])
    watch.open()
    expect(health).toEqual(['connected'])
    watch.stop()
  })
})
