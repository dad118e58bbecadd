import { describe, expect, test } from 'bun:test'
import { connect } from '../../client/connect.ts'
import { type MeetProgress, meet } from '../../client/mailbox.ts'
import { received, talk } from '../kit/channel.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const { url: mongo } = useDatabase(import.meta.path)
const server = await spawnServer({ url: mongo })
const client = connect({ url: server.url })
const options = { client, RTCPeerConnection: Werift, iceServers: [] }

/** `meet`, with the states that it reported. */
const watched = (room: string, more: { connectMs?: number } = {}) => {
  const progress: MeetProgress[] = []
  const met = meet(room, { ...options, ...more, onState: (each) => void progress.push(each) })
  return { met, progress, states: () => progress.map(({ state }) => state) }
}

describe('meet', () => {
  test('makes host and guest of two who know a room`s name, and data flows both ways', async () => {
    const one = watched('cafe')
    await until(() => one.states().includes('waiting'), { what: 'the first waits' })
    const other = watched('cafe')
    const [host, guest] = await Promise.all([one.met, other.met])
    await talk(host.channel, guest.channel)
    expect([host.role, guest.role]).toEqual(['host', 'guest'])
    expect(one.states()).toEqual(['gathering', 'knocking', 'waiting', 'connecting', 'open'])
    expect(other.states()).toEqual(['gathering', 'knocking', 'answering', 'connecting', 'open'])
    host.close()
    guest.close()
  })

  test('tells each state with its time, and who closed last hears it too', async () => {
    const pair = [watched('clock'), watched('clock')]
    const [one, other] = await Promise.all(pair.map(({ met }) => met))
    one?.close()
    await until(() => pair.every(({ states }) => states().at(-1) === 'closed'), { what: 'both are closed' })
    for (const { progress } of pair) {
      const times = progress.map(({ ms }) => ms)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
    other?.close()
  })

  test('misses no message that is sent in the turn in which the channel opens', async () => {
    const [host, guest] = await Promise.all(
      ['one', 'other'].map(async () => {
        const { channel, close } = await meet('eager', options)
        const messages = received(channel)
        channel.send('first')
        return { messages, close }
      }),
    )
    await until(() => host?.messages[0] === 'first' && guest?.messages[0] === 'first', { what: 'both first words' })
    host?.close()
    guest?.close()
  })

  test('leaves the room free for the next two', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, other] = await Promise.all([meet('round', options), meet('round', options)])
      expect([one.role, other.role].sort()).toEqual(['guest', 'host'])
      one.close()
      other.close()
    }
  })

  test('has a label for the channel, and takes an address instead of a client', async () => {
    const { client: _, ...rest } = options
    const chess = { ...rest, url: server.url, label: 'chess' }
    const [one, other] = await Promise.all([meet('labelled', chess), meet('labelled', chess)])
    expect([one.channel.label, other.channel.label]).toEqual(['chess', 'chess'])
    one.close()
    other.close()
  })
})

describe('meet always ends', () => {
  /** Somebody's offer in the room, whose maker is not there to connect. */
  const occupy = async (room: string) => {
    const peer = new Werift()
    peer.createDataChannel('nobody')
    const { sdp: offer } = (await peer.setLocalDescription()).toJSON()
    await client.mailbox.put.mutate({ room, offer })
    return { leave: () => peer.close() }
  }

  test('with room-full when two others have met there', async () => {
    const host = await occupy('full')
    await client.mailbox.join.mutate({ room: 'full', answer: 'v=0' })
    const late = watched('full')
    await expect(late.met).rejects.toMatchObject({ name: 'FoyerError', rule: 'room-full' })
    expect(late.states().at(-1)).toBe('closed')
    await host.leave()
  })

  test('with timeout when nobody came, and the room is free again', async () => {
    await expect(meet('lonely', { ...options, deadlineMs: 300 })).rejects.toMatchObject({ rule: 'timeout' })
    await until(async () => await free('lonely'), { what: 'the room is free', deadlineMs: 2_000 })
  })

  test('with aborted when its caller says so, and the room is free again', async () => {
    const controller = new AbortController()
    const states: string[] = []
    const met = meet('left', { ...options, signal: controller.signal, onState: ({ state }) => void states.push(state) })
    await until(() => states.includes('waiting'), { what: 'it waits' })
    controller.abort()
    await expect(met).rejects.toMatchObject({ rule: 'aborted' })
    await until(async () => await free('left'), { what: 'the room is free', deadlineMs: 2_000 })
  })

  test('with aborted at once when it was aborted before', async () => {
    const met = meet('never', { ...options, signal: AbortSignal.abort() })
    await expect(met).rejects.toMatchObject({ rule: 'aborted' })
  })

  test('with peer-failed when the host is gone or sent nonsense', async () => {
    const host = await occupy('ghost')
    await expect(watched('ghost', { connectMs: 300 }).met).rejects.toMatchObject({ rule: 'peer-failed' })
    await host.leave()
    await client.mailbox.put.mutate({ room: 'nonsense', offer: 'v=0 and no more' })
    await expect(watched('nonsense', { connectMs: 300 }).met).rejects.toMatchObject({ rule: 'peer-failed' })
  })

  /** Nobody's offer is in the room: then this one is, for the time of the question. */
  const free = async (room: string) => {
    const reply = await client.mailbox.put.mutate({ room, offer: 'v=0' })
    if (reply.kind !== 'key') return false
    await client.mailbox.remove.mutate({ room }, { context: { authorization: reply.key } })
    return true
  }
})
