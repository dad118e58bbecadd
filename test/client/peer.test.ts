import { describe, expect, test } from 'bun:test'
import { talk } from '../kit/channel.ts'
import { until } from '../kit/until.ts'
import { pair } from './pair.ts'

type Pair = ReturnType<typeof pair>

/** What was sent since the last call, as words. */
const sentSince = ({ wire }: Pair) =>
  wire.sent.splice(0).map(({ from, signal }) => `${from} ${signal.kind} ${signal.generation}`)

const connected = async () => {
  const two = pair()
  await two.client.offer()
  const [one, other] = await two.channels
  await two.settled(1)
  for (const { connected: stop } of [two.client, two.host]) stop()
  return { ...two, talk: () => talk(one, other) }
}

/** ICE of both is through: what the restart has negotiated works. */
const through = ({ host, client }: Pair) =>
  until(() => [host, client].every(({ peer }) => peer.iceConnectionState === 'connected'), { what: 'ICE is connected' })

describe('negotiation', () => {
  test('connects: offer, answer, candidates of each side, and no more of them once connected', async () => {
    const two = await connected()
    await two.talk()
    expect(sentSince(two).sort()).toEqual([
      'client candidates 1',
      'client offer 1',
      'host answer 1',
      'host candidates 1',
    ])
    two.client.peer.emit('icecandidate', { candidate: { candidate: 'late', sdpMid: '0' } })
    two.client.peer.emit('icecandidate', { candidate: null })
    expect(sentSince(two)).toEqual([])
    expect(two.errors).toEqual([])
    await two.close()
  })

  test('keeps candidates that come before their description', async () => {
    const two = pair()
    two.wire.pause()
    await two.client.offer()
    await until(() => two.wire.sent.length === 2, { what: 'offer and candidates are sent' })
    two.wire.reverse()
    two.wire.resume()
    const [one, other] = await two.channels
    await talk(one, other)
    expect(two.errors).toEqual([])
    await two.close()
  })

  test('takes every signal twice, in any order, for once', async () => {
    const two = pair()
    two.wire.repeat()
    await two.client.offer()
    const [one, other] = await two.channels
    await talk(one, other)
    await two.settled(1)
    expect(two.wire.sent.filter(({ signal }) => signal.kind === 'answer')).toHaveLength(1)
    expect(two.errors).toEqual([])
    await two.close()
  })

  test.each(['client', 'host'] as const)('restarts ICE from the %s`s side, and the channel stays', async (name) => {
    const two = await connected()
    sentSince(two)
    await two[name].restart()
    await two.settled(2)
    await through(two)
    await two.talk()
    const other = name === 'host' ? 'client' : 'host'
    expect(sentSince(two).slice(0, 1)).toEqual([`${name} offer 2`])
    expect(two[name].mine()).toBe(true)
    expect(two[other].mine()).toBe(false)
    expect(two.errors).toEqual([])
    await two.close()
  })

  test('a restart that nobody answers leaves the connection`s session to the next one', async () => {
    const two = await connected()
    two.wire.pause()
    await two.client.restart()
    await until(() => two.client.generation() === 2, { what: 'the first restart is granted' })
    two.wire.lose()
    two.wire.resume()
    expect(two.client.done()).toBe(false)
    await two.client.restart()
    await two.settled(3)
    await through(two)
    await two.talk()
    await two.close()
  })

  test('drops an answer and candidates of an older generation', async () => {
    const two = await connected()
    const old = [...two.wire.sent].map(({ signal }) => signal)
    await two.client.restart()
    await two.settled(2)
    await through(two)
    const before = two.client.peer.remoteDescription?.sdp
    for (const signal of old) await two.client.receive(signal)
    for (const signal of old) await two.host.receive(signal)
    expect(two.client.peer.remoteDescription?.sdp).toBe(before)
    await two.talk()
    expect(two.errors).toEqual([])
    await two.close()
  })

  test('says that the other side was replaced when an answer has another fingerprint', async () => {
    const two = await connected()
    two.wire.pause()
    await two.client.restart()
    await until(() => two.client.generation() === 2, { what: 'the restart is granted' })
    const own = two.host.peer.localDescription?.sdp ?? ''
    // werift has one certificate a process, so another peer of its would have the same.
    const answer = own.replace(/^a=fingerprint:sha-256 ..:/m, 'a=fingerprint:sha-256 00:')
    await two.client.receive({ kind: 'answer', client: 'bob', generation: 2, answer })
    expect(two.replaced).toEqual(['client'])
    await two.close()
  })
})
