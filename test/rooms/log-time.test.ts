import { describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import type { LogStore } from '../../server/store/log.ts'
import { docsOf, draft, eventsIn, logAppends } from '../kit/log-parts.ts'
import { recorder, type Sender } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally, type TallyEvent } from '../kit/tally.ts'

const { url, db } = useDatabase(import.meta.path)
const MINUTE = 60_000
const timesIn = (docs: readonly EventDoc[]) => docs.flatMap((doc) => eventsOf<TallyEvent>(doc)).map(({ at }) => at)

/** Two processes write in turn; the clock of one is ten minutes ahead. `keep`: the second knows the room from a snapshot. */
async function skewed({ keep = false, reads = (log: LogStore): LogStore => log } = {}) {
  const now = Date.now()
  const ahead = () => new Date(now + 10 * MINUTE)
  const a = await openTally(url, { now: ahead })
  await using b = await openTally(url, (log) => ({ log: reads(log), now: () => new Date(now) }))
  const { room, add, faults } = recorder()
  await add(a)
  if (keep) await a.store.log.keep(await snapshotOf(room, ahead()))
  await Promise.all([add(b), add(b)])
  await add(a)
  await a.close()
  const docs = await docsOf(db, room)
  return { times: timesIn(docs).map((at) => at - now), faults: faults(docs) }
}

const snapshotOf = async (room: string, at: Date) => {
  const [doc] = await docsOf(db, room)
  if (doc === undefined) throw new Error('nothing was stored')
  const state = JSON.stringify({ seq: 1, sum: 1, closed: false })
  return { _id: room, kind: 'tally', seq: 1, last: doc._id, at, state, users: [], deleted: false }
}

describe('the time of a log (room-log.md 10)', () => {
  test.each([
    ['the log', false],
    ['a snapshot', true],
  ])('never goes back, whatever the clocks of two servers say: known from %s', async (_, keep) => {
    const times = [10, 10, 10, 10].map((minutes) => minutes * MINUTE)
    expect(await skewed({ keep })).toEqual({ times, faults: [] })
  })

  test('control: by its own clock alone the second server goes back', async () => {
    const ageless = (log: LogStore): LogStore => ({
      ...log,
      tail: async (key) => (await log.tail(key)).map((doc) => ({ ...doc, at: new Date(0) })),
    })
    const { times, faults } = await skewed({ reads: ageless })
    expect(times).toEqual([10, 0, 0, 10].map((minutes) => minutes * MINUTE))
    expect(faults).toEqual(['time goes back at 2'])
  })
})

describe('the time of a command (room-log.md 10)', () => {
  const START = Date.now()
  const LOSSES = 5
  /** A clock that goes on by a minute whenever somebody looks, and a slot that is lost five times. */
  const late = () => {
    let looks = 0
    const losing = logAppends(async (form, append, times) => {
      const doc = form()
      if (times < LOSSES) await eventsIn(db).insertOne(draft({ ...doc, adds: [0], at: START }))
      return append(() => doc)
    })
    return (log: LogStore) => ({ ...losing(log), now: () => new Date(START + MINUTE * looks++) })
  }

  test('is that of its first receipt: who lost a race is not late for it', async () => {
    await using tally = await openTally(url, late())
    const { room, add, faults } = recorder()
    expect(await add(tally)).toMatchObject({ seq: LOSSES + 1 })
    const docs = await docsOf(db, room)
    expect(timesIn(docs)).toEqual(Array.from({ length: LOSSES + 1 }, () => START))
    expect(faults(docs)).toEqual([])
  })

  test('control: sent anew after each loss it is later each time', async () => {
    let looks = 0
    const { room, add } = recorder()
    await using _tally = await openTally(url)
    const naive: Sender = {
      send: async (_, _command, id = '') => {
        for (;;) {
          const last = (await docsOf(db, room)).at(-1)
          const next = { room, seq: (last?.seq ?? 0) + 1, prev: last?._id ?? null }
          if (looks < LOSSES) await eventsIn(db).insertOne(draft({ ...next, adds: [0], at: START }))
          const doc = draft({ ...next, ids: [id], at: START + MINUTE * looks++ })
          const stored = await eventsIn(db)
            .insertOne(doc)
            .catch(() => null)
          if (stored !== null) return { seq: doc.seq, result: null, replayed: false }
        }
      },
    }
    expect(await add(naive)).toMatchObject({ seq: LOSSES + 1 })
    expect(timesIn(await docsOf(db, room)).at(-1)).toBe(START + MINUTE * LOSSES)
  })
})
