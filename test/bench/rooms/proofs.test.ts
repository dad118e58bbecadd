import { expect, test } from 'bun:test'
import { useDatabase } from '../../kit/mongo.ts'
import { audienceActs } from './audience.ts'
import { assertGapless } from './foyer-log.ts'

/** What the first of two subscribers hears of events 1-5; the other hears each in its place. */
const HEARD = [
  { of: 'every event', first: [1, 2, 3, 4, 5], faults: { skipped: 0, again: 0, missing: 0 } },
  { of: 'all but one', first: [1, 2, 4, 5], faults: { skipped: 1, again: 0, missing: 1 } },
  { of: 'one twice', first: [1, 2, 3, 3, 4, 5], faults: { skipped: 0, again: 1, missing: -1 } },
  { of: 'two in another order', first: [1, 2, 4, 3, 5], faults: { skipped: 1, again: 1, missing: 0 } },
]
const WAIT_MS = 50

test.each(HEARD)('a subscriber that hears $of is noticed', async ({ first, faults }) => {
  const listeners: ((event: number) => void)[] = []
  let written = 0
  const tell = () => {
    const [one, other] = listeners
    other?.(written)
    // The first event is what an audience begins to count at.
    const now = written === 1 ? first.slice(0, 1) : written === 5 ? first.slice(1) : []
    for (const event of now) one?.(event)
  }
  const acts = audienceActs(
    async () => ({
      write: async () => (written++, tell(), written),
      subscribe: async (heard) => void listeners.push(heard),
      sum: async () => written,
    }),
    WAIT_MS,
  )
  await acts.stage({ port: 0, perSocket: 1 })
  await acts.gather({ subscribers: 2 })
  expect(await acts.play({ perSecond: 1_000, seconds: 0.004 })).toMatchObject({ events: 4, ...faults })
})

test('what is acknowledged and not stored ends a play', async () => {
  let written = 0
  const stage = { write: async () => ++written, subscribe: async () => {}, sum: async () => Math.min(written, 2) }
  const acts = audienceActs(async () => stage, WAIT_MS)
  await acts.stage({ port: 0, perSocket: 1 })
  const play = acts.play({ perSecond: 1_000, seconds: 0.003 })
  await expect(play).rejects.toThrow('3 events were acknowledged, 2 are stored')
})

const { db } = useDatabase(import.meta.path)

const commandOf = (id: string) => ({ id, by: 'writer', hash: '', result: 'null', seq: 1 })

/** Three documents of two events each, in a room of their own. */
const log = () => {
  const room = crypto.randomUUID()
  return [0, 1, 2].map((i) => ({
    _id: `${room}-${i}`,
    room,
    seq: i * 2 + 1,
    n: 2,
    prev: i === 0 ? null : `${room}-${i - 1}`,
    commands: [commandOf(`${i}a`), commandOf(`${i}b`)],
  }))
}

test('a log with a gap, with another history or with a command done twice is told apart from a sound one', async () => {
  const events = db.collection<ReturnType<typeof log>[number]>('events')
  const checked = async (change: Partial<ReturnType<typeof log>[number]>) => {
    await events.deleteMany({})
    await events.insertMany(log().map((doc, i) => (i === 2 ? { ...doc, ...change } : doc)))
    return assertGapless(db)
  }
  expect(await checked({})).toEqual({ rooms: 1, events: 6 })
  await expect(checked({ seq: 6 })).rejects.toThrow('a gap')
  await expect(checked({ seq: 4 })).rejects.toThrow('a gap')
  await expect(checked({ prev: 'another' })).rejects.toThrow('another history')
  await expect(checked({ commands: [commandOf('1a')] })).rejects.toThrow('done twice')
})
