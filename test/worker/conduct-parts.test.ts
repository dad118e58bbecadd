import { describe, expect, test } from 'bun:test'
import type { AudienceDoc } from '../../server/store/docs-quiz.ts'
import { createAudienceWatch } from '../../worker/conduct/audience.ts'
import { cardCache } from '../../worker/conduct/cards.ts'
import { watchLag } from '../../worker/conduct/lag.ts'
import { HeldLease, stampOf, TICKS } from '../../worker/conduct/lease.ts'
import { byPreference, firstChoice } from '../../worker/conduct/rendezvous.ts'
import { until } from '../kit/until.ts'
import { singles } from '../quiz/cards.ts'

/** Clocks that a test moves. */
function clocks() {
  const time = { mono: 0, wall: 1_000_000 }
  const ticks = { mono: () => time.mono, wall: () => time.wall }
  const pass = (ms: number) => {
    time.mono += ms
    time.wall += ms
  }
  return { time, ticks, pass }
}

describe('a lease, as its holder knows it', () => {
  const open = () => {
    const kit = clocks()
    const lease = new HeldLease({
      epoch: 1,
      claim: 'c',
      sent: stampOf(kit.ticks),
      deadlineMs: 10_000,
      ticks: kit.ticks,
    })
    return { ...kit, lease }
  }

  test('is valid until its deadline, from the sending of the last good renewal', () => {
    const { lease, ticks, pass } = open()
    pass(9_999)
    expect(lease.isValid()).toBe(true)
    pass(1)
    expect(lease.isValid()).toBe(false)
    const sent = stampOf(ticks)
    pass(5_000)
    lease.renewed(sent)
    pass(4_999)
    expect(lease.isValid()).toBe(true)
    lease.renewed({ mono: 0, wall: 0 })
    expect(lease.isValid()).toBe(true)
    pass(1)
    expect(lease.isValid()).toBe(false)
  })

  test('is over where the machine slept, though the monotonic clock stood still', () => {
    const { lease, time } = open()
    time.wall += 10_000
    expect(lease.isValid()).toBe(false)
  })

  test('is not made longer by a clock that is set back', () => {
    const { lease, time, pass } = open()
    time.wall -= 3_600_000
    pass(10_000)
    expect(lease.isValid()).toBe(false)
  })

  test('is never valid again once it is lost', () => {
    const { lease, ticks, pass } = open()
    lease.lose()
    pass(1)
    lease.renewed(stampOf(ticks))
    expect(lease.isValid()).toBe(false)
  })
})

describe('the first choice of a room', () => {
  const rooms = Array.from({ length: 3_000 }, (_, i) => `room ${i}`)
  const workers = ['a', 'b', 'c']

  test('is the same for all, and spreads rooms evenly', () => {
    const counts = new Map<string | null, number>()
    for (const room of rooms) {
      const first = firstChoice(room, workers)
      expect(firstChoice(room, workers.toReversed())).toBe(first)
      counts.set(first, (counts.get(first) ?? 0) + 1)
    }
    for (const worker of workers) expect(counts.get(worker)).toBeWithin(900, 1_100)
    expect(firstChoice('room', [])).toBeNull()
  })

  test('moves only rooms of a worker that goes', () => {
    for (const room of rooms) {
      const first = firstChoice(room, workers)
      if (first !== 'c') expect(firstChoice(room, ['a', 'b'])).toBe(first)
    }
  })

  test('comes first in its list', () => {
    const [head] = byPreference([{ room: 'x' }, { room: 'y' }, { room: 'z' }], 'a')
    const all = ['x', 'y', 'z'].map((room) => byPreference([{ room }, { room: head?.room ?? '' }], 'a')[0]?.room)
    expect(new Set(all)).toEqual(new Set([head?.room]))
  })
})

describe('who is in a room', () => {
  const open = () => {
    const time = { now: 100_000 }
    const stored: AudienceDoc[] = []
    const audience = {
      since: (room: string, at: Date) => Promise.resolve(stored.filter((doc) => doc.room === room && doc.at > at)),
    }
    const watch = createAudienceWatch({ audience, now: () => new Date(time.now), onError: () => {} })
    const doc = (server: string, users: string[], at = time.now): AudienceDoc => {
      return { _id: `${server} ${at}`, room: 'r', server, users, at: new Date(at), purgeAt: new Date(at) }
    }
    return { time, stored, watch, doc }
  }

  test('is unknown until a server tells, then the users of all servers whose newest word is young', () => {
    const { time, watch, doc } = open()
    let changes = 0
    using room = watch.attend('r', () => changes++)
    expect(room.present()).toBeNull()
    expect(room.quietSince()).toBe(100_000)
    watch.arrived(doc('s1', ['ann', 'bob']))
    watch.arrived(doc('s2', ['bob', 'cy'], 104_000))
    watch.arrived({ ...doc('s3', ['dan']), room: 'other' })
    expect([changes, [...(room.present() ?? [])]]).toEqual([2, ['ann', 'bob', 'cy']])
    expect([room.changesAt(), room.quietSince()]).toEqual([112_000, null])
    watch.arrived(doc('s2', ['zoe'], 103_000))
    time.now = 112_000
    expect([...(room.present() ?? [])]).toEqual(['bob', 'cy'])
    watch.arrived(doc('s2', [], 113_000))
    expect([[...(room.present() ?? [])], room.changesAt(), room.quietSince()]).toEqual([[], null, 104_000])
  })

  test('is read at first, and again after a gap', async () => {
    const { stored, watch, doc } = open()
    stored.push(doc('s1', ['ann'], 95_000), doc('s2', ['old'], 80_000))
    const first = Promise.withResolvers<void>()
    using room = watch.attend('r', () => first.resolve())
    await first.promise
    expect([...(room.present() ?? [])]).toEqual(['ann'])
    stored.push(doc('s3', ['bob'], 99_000))
    await watch.reload()
    expect([...(room.present() ?? [])]).toEqual(['ann', 'bob'])
  })
})

test('cards are read once for all rooms that ask together, and again after some seconds', async () => {
  const time = { mono: 0 }
  let reads = 0
  const cards = singles(1)
  const cache = cardCache(
    () => (reads++, Promise.resolve(cards)),
    () => time.mono,
  )
  expect(cache.known('d')).toBeUndefined()
  await Promise.all([cache.load('d'), cache.load('d')])
  expect([reads, cache.known('d')]).toEqual([1, cards])
  time.mono = 3_000
  expect(cache.known('d')).toBeUndefined()
  await cache.load('d')
  expect(reads).toBe(2)
})

describe('a process', () => {
  test('that stood still notices with its next tick, before its leases are used', async () => {
    const stills: number[] = []
    const lags: number[] = []
    using lag = watchLag({ ticks: TICKS, onTick: (ms) => lags.push(ms), onStill: (ms) => stills.push(ms) })
    await until(() => lags.length > 0, { what: 'a tick' })
    const end = performance.now() + 1_500
    while (performance.now() < end);
    await until(() => stills.length > 0, { what: 'the stand-still' })
    expect(Math.max(...stills)).toBeGreaterThan(1_000)
    await until(() => lag.recent() < 1_000, { what: 'a tick in time' })
  })

  test('that was suspended notices by the clock of the day', async () => {
    let slept = 0
    const stills: number[] = []
    const ticks = { ...TICKS, wall: () => TICKS.wall() + slept }
    using _lag = watchLag({ ticks, onTick: () => {}, onStill: (ms) => stills.push(ms) })
    slept = 60_000
    await until(() => stills.some((ms) => ms > 59_000), { what: 'the sleep' })
  })
})
