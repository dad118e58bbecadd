import { describe, expect, test } from 'bun:test'
import type { Landed } from '../../server/rooms/room.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import { docsOf, follow } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally, type Tally, tallyDecider, type TallyEvent } from '../kit/tally.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
/** Well below the 5 s after which watched rooms are read in any case. */
const SOON = { deadlineMs: 3_000 }

/** What a watcher heard: documents one by one, or that all was folded anew. */
function listener() {
  const heard: Tally[] = []
  const docs: EventDoc[] = []
  return {
    heard,
    docs,
    landed: ({ doc, state }: Landed<Tally>) => {
      docs.push(doc)
      heard.push(state)
    },
    reset: ({ state }: { state: Tally | null }) => {
      if (state !== null) heard.push(state)
    },
  }
}

describe('who watches a room (room-log.md 16)', () => {
  test('hears what every process writes, each document once and in order', async () => {
    await using a = await openTally(url)
    await using b = await openTally(url)
    using _stream = await follow(b)
    const { room, add, seen, faults } = recorder()
    const listening = listener()
    using _watched = await b.watch(room, listening)
    for (let i = 0; i < 20; i++) await Promise.all([add(a), add(a), add(b)])
    await until(() => listening.heard.at(-1)?.seq === 60, { what: 'all is heard', ...SOON })
    const docs = await docsOf(db, room)
    expect(listening.docs.map(({ _id }) => _id)).toEqual(docs.map(({ _id }) => _id))
    seen.push(...listening.heard)
    expect(faults(docs)).toEqual([])
  })

  test('control: folding what the stream brings, as it comes, from wherever one stands is another state', async () => {
    await using a = await openTally(url)
    const { room, add, seen, faults } = recorder()
    for (let by = 1; by <= 3; by++) await add(a, by)
    const docs = await docsOf(db, room)
    let state: Tally | null = null
    for (const doc of [docs[0], docs[2]])
      for (const event of doc === undefined ? [] : eventsOf<TallyEvent>(doc))
        state = tallyDecider.evolve(state, event, doc?.seq ?? 0)
    seen.push(...(state === null ? [] : [state]))
    expect(faults(docs)).toEqual(["a reader's state at 3 is not the log's"])
  })

  test('hears what the stream lost as soon as it brings the next', async () => {
    await using a = await openTally(url)
    await using b = await openTally(url)
    const { room, add, seen, faults } = recorder()
    const listening = listener()
    using _watched = await b.watch(room, listening)
    for (let by = 1; by <= 5; by++) await add(a, by)
    const docs = await docsOf(db, room)
    const brings = (...which: number[]) => which.forEach((at) => docs[at] !== undefined && b.arrived(docs[at]))
    brings(0)
    expect(listening.heard).toMatchObject([{ seq: 1, sum: 1 }])
    brings(0, 3, 4)
    await until(() => listening.heard.length === 5, { what: 'all is heard', ...SOON })
    brings(2, 1)
    seen.push(...listening.heard)
    expect(listening.heard.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(faults(docs)).toEqual([])
  })

  test('misses nothing that comes while the room is read for the first time', async () => {
    const read = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    await using a = await openTally(url)
    await using b = await openTally(url, (log) => ({
      log: {
        ...log,
        tail: async (key) => {
          const docs = await log.tail(key)
          read.resolve()
          await gate.promise
          return docs
        },
      },
    }))
    const { room, add } = recorder()
    await add(a)
    const listening = listener()
    const watching = b.watch(room, listening)
    await read.promise
    await add(a)
    const [, late] = await docsOf(db, room)
    if (late === undefined) throw new Error('nothing was stored')
    b.arrived(late)
    gate.resolve()
    using _watched = await watching
    await until(() => listening.heard.at(-1)?.seq === 2, { what: 'the late one is heard', ...SOON })
  })

  test('hears of everything within some seconds, even if no stream ever brings anything', async () => {
    await using a = await openTally(url)
    await using b = await openTally(url)
    const { room, add } = recorder()
    const listening = listener()
    using _watched = await b.watch(room, listening)
    await add(a)
    expect(listening.heard).toEqual([])
    await until(() => listening.heard.at(-1)?.seq === 1, { what: 'it is heard', deadlineMs: 12_000 })
  }, 20_000)
})
