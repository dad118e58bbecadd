import { describe, expect, test } from 'bun:test'
import { meet } from '../../client/mailbox.ts'
import { talk } from '../kit/channel.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnServer } from '../kit/processes.ts'
import { startProxy } from '../kit/proxy.ts'
import { until } from '../kit/until.ts'
import { Werift } from '../kit/werift.ts'

const { url: mongo, db } = useDatabase(import.meta.path)
// Keeps are held for a moment only, so that a host soon hears what became of its room.
const server = await spawnServer({ url: mongo, env: { MAILBOX_MAX_WAIT_MS: '200' } })
const options = { RTCPeerConnection: Werift, iceServers: [] }

/** Makes the live offer of a room an expired one, as after a long sleep of its host. */
const expire = async (room: string) => {
  const past = new Date(Date.now() - 1_000)
  const { modifiedCount } = await db
    .collection('offers')
    .updateMany({ room, live: true }, { $set: { expiresAt: past } })
  expect(modifiedCount).toBe(1)
}

describe('meet, when the room changes hands', () => {
  test('wrong-key: a host that lost its room knocks again, as the guest of who has it', async () => {
    const room = 'slept'
    await using proxy = await startProxy(server.url)
    const states: string[] = []
    const sleeper = meet(room, { ...options, url: proxy.url, onState: ({ state }) => void states.push(state) })
    await until(() => states.includes('waiting'), { what: 'the first waits' })
    proxy.block(/keep/)
    proxy.cut()
    const seen = proxy.seen.length
    // Its keeps follow one another: from the second on, none that went through is still on its way.
    await until(() => proxy.seen.length >= seen + 2, { what: 'two keeps are refused' })
    await expire(room)
    const taker = meet(room, { ...options, url: server.url })
    await until(() => db.collection('offers').countDocuments({ room, live: true, expiresAt: { $gt: new Date() } }), {
      what: 'another has the room',
    })
    proxy.block(null)
    const [one, other] = await Promise.all([sleeper, taker])
    await talk(one.channel, other.channel)
    expect([one.role, other.role]).toEqual(['guest', 'host'])
    one.close()
    other.close()
  })

  test('offer-gone: a guest whose host expired while it answered takes the room, and the two meet the other way round', async () => {
    const room = 'swapped'
    let late = true
    const onRequest = async (_: number, path: string) => {
      if (!path.includes('join') || !late) return
      late = false
      await expire(room)
    }
    await using proxy = await startProxy(server.url, { onRequest })
    const states: string[] = []
    const first = meet(room, { ...options, url: server.url, onState: ({ state }) => void states.push(state) })
    await until(() => states.includes('waiting'), { what: 'the first waits' })
    const second = meet(room, { ...options, url: proxy.url })
    const [one, other] = await Promise.all([first, second])
    await talk(one.channel, other.channel)
    expect(late).toBe(false)
    one.close()
    other.close()
  })

  test('ten who call at once end as five pairs', async () => {
    const met = await Promise.allSettled(Array.from({ length: 10 }, () => meetOrAgain('crowd')))
    const roles = met.map((each) => (each.status === 'fulfilled' ? each.value.role : each.reason))
    expect(roles.filter((role) => role === 'host')).toHaveLength(5)
    expect(roles.filter((role) => role === 'guest')).toHaveLength(5)
    for (const each of met) if (each.status === 'fulfilled') each.value.close()
  }, 60_000)

  /** Who finds the room full looks again a little later, as a person would. */
  const meetOrAgain = async (room: string): Promise<Awaited<ReturnType<typeof meetOnce>>> => {
    const deadline = performance.now() + 30_000
    for (;;) {
      try {
        return await meetOnce(room)
      } catch (error) {
        if (performance.now() > deadline) throw error
        expect(error).toMatchObject({ rule: 'room-full' })
      }
    }
  }
  const meetOnce = (room: string) => meet(room, { ...options, url: server.url })
})
