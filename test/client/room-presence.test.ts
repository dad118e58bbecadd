import { describe, expect, test } from 'bun:test'
import { FoyerError } from '../../client/errors.ts'
import { presenter } from '../../client/room/presence.ts'
import type { Json } from '../../shared/json.ts'
import { seeded } from '../kit/random.ts'
import { until } from '../kit/until.ts'
import { opened } from './opened-room.ts'
import { pauseFor } from './room-player.ts'
import { inVirtualTime } from './virtual-time.ts'

/** What is sent and when, ms; `answer` may throw. */
function presenting(answer: (state: Json) => { renewMs: number } = () => ({ renewMs: 3_000 })) {
  const sent: { state: Json; at: number }[] = []
  const errors: string[] = []
  const life = new AbortController()
  const { present, isShown } = presenter({
    send: async (state) => {
      sent.push({ state, at: performance.now() })
      await pauseFor(2)
      return answer(state)
    },
    signal: life.signal,
    onError: ({ rule }) => void errors.push(rule),
  })
  return { present, isShown, sent, errors, life }
}
const inTime = <T>(work: () => Promise<T>) => inVirtualTime(seeded(1), work)

describe('a presence', () => {
  test('goes out at once, then twenty times a second at most, the newest always', () =>
    inTime(async () => {
      const { present, sent, life } = presenting()
      for (let n = 1; n <= 1_000; n++) {
        present(n)
        await pauseFor(1)
      }
      await pauseFor(100)
      life.abort()
      expect(sent[0]).toEqual({ state: 1, at: 0 })
      expect(sent.length).toBeLessThanOrEqual(22)
      expect(sent.length).toBeGreaterThan(18)
      expect(sent.at(-1)?.state).toBe(1_000)
      for (const [nth, { at }] of sent.entries()) expect(at - (sent[nth - 1]?.at ?? -50)).toBeGreaterThanOrEqual(50)
    }))

  test('is renewed while it stays, and not after it was taken away', () =>
    inTime(async () => {
      const { present, isShown, sent } = presenting(() => ({ renewMs: 1_000 }))
      present({ x: 1 })
      await pauseFor(3_500)
      expect(sent.map(({ state }) => state)).toEqual([{ x: 1 }, { x: 1 }, { x: 1 }, { x: 1 }])
      present(null)
      await pauseFor(5_000)
      expect([isShown(), sent.length, sent.at(-1)?.state]).toEqual([false, 5, null])
    }))

  test('that could not be sent is tried again with pauses, however often it changes meanwhile', () =>
    inTime(async () => {
      let isUp = false
      const { present, sent, errors, life } = presenting(() => {
        if (!isUp) throw new FoyerError('offline')
        return { renewMs: 3_000 }
      })
      for (let n = 0; n < 200; n++) {
        present(n)
        await pauseFor(10)
      }
      expect(sent.length).toBeLessThan(10)
      isUp = true
      await pauseFor(10_000)
      expect([sent.at(-1)?.state, errors]).toEqual([199, []])
      life.abort()
    }))

  test('that cannot be shown is told once, and is not tried again', () =>
    inTime(async () => {
      const { present, isShown, sent, errors } = presenting((state) => {
        if (state === 'too much') throw new FoyerError('limit-reached')
        return { renewMs: 3_000 }
      })
      present('too much')
      await pauseFor(10_000)
      expect([errors, sent.length, isShown()]).toEqual([['limit-reached'], 1, false])
      present('enough')
      await pauseFor(10)
      expect([sent.length, isShown()]).toEqual([2, true])
      present(null)
      await pauseFor(100)
    }))
})

describe('the list of who is present', () => {
  test('is replaced when somebody comes, changes or goes, and has one entry a connection', async () => {
    const { room, server } = await opened({ n: 0 })
    const lists: unknown[] = []
    room.on('presence', (list) => void lists.push(list))
    const one = { user: 'bob', conn: 'c1', state: { x: 1 }, at: 1 }
    const two = { user: 'bob', conn: 'c2', state: { x: 2 }, at: 1 }
    server.show(one)
    server.show(two)
    server.show({ ...one, state: { x: 3 } })
    server.show({ ...two, state: null })
    await until(() => lists.length === 4, { what: 'all four come' })
    expect(lists).toEqual([[one], [one, two], [{ ...one, state: { x: 3 } }, two], [{ ...one, state: { x: 3 } }]])
    expect(room.presence).toEqual([{ ...one, state: { x: 3 } }])
  })

  test('is shown to by present, and taken away at the end', async () => {
    const { room, server } = await opened({ n: 0 })
    const shown = () => server.calls.filter(({ path }) => path === 'present').map(({ input }) => input.state)
    room.present({ x: 1 })
    await until(() => shown().length === 1, { what: 'it is shown' })
    room.close()
    await until(() => shown().length === 2, { what: 'it is taken away' })
    room.present({ x: 2 })
    expect(shown()).toEqual([{ x: 1 }, null])
  })
})
