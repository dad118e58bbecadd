import { describe, expect, test } from 'bun:test'
import { documentsAfter, sliceAfter } from '../../server/rooms/changes.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import type { LogStore } from '../../server/store/log.ts'
import { docsOf, draft, eventsIn } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally, type Tally } from '../kit/tally.ts'

const { url, db } = useDatabase(import.meta.path)
const events = eventsIn(db)

/** A log that folds whatever it reads: every document is said to follow the one before. */
const credulous = (log: LogStore) => {
  const ends = new Map<string, { seq: number; last: string | null }>()
  const tail = async ({ room, from }: { room: string; from: number }) => {
    const docs = await log.tail({ room, from })
    let { seq, last } = ends.get(room) ?? { seq: from - 1, last: (await log.snapshot(room))?.last ?? null }
    const said = docs.map((doc): EventDoc => {
      const told = { ...doc, seq: seq + 1, prev: last }
      seq += doc.n
      last = doc._id
      return told
    })
    ends.set(room, { seq, last })
    return said
  }
  return { log: { ...log, tail } }
}

/** Wrong logs: each is made of three good events at 1 to 3, in one document, and what makes it wrong. */
const WRONG: [string, (room: string, first: EventDoc) => Promise<() => Promise<unknown>>][] = [
  [
    'a document whose predecessor is not there (a dead primary took it with it)',
    (room) => planted(draft({ room, seq: 4, prev: 'lost' })),
  ],
  ['a hole', (room, first) => planted(draft({ room, seq: 5, prev: first._id }))],
  [
    'an overlapping range: somebody resumed inside of a document',
    (room, first) => planted(draft({ room, seq: 3, prev: first._id, adds: [1, 1] })),
  ],
  [
    'an overlapping range that ends where the document ends',
    (room, first) => planted(draft({ room, seq: 2, prev: first._id, adds: [1, 1] })),
  ],
]
async function planted(doc: EventDoc) {
  await events.insertOne(doc)
  return () => events.deleteOne({ _id: doc._id })
}

describe.each(WRONG)('a log with %s (room-log.md 2)', (_, spoil) => {
  /** Three events of one document, spoilt; then a process that did not know the room. */
  async function spoilt(more: Parameters<typeof openTally>[1]) {
    const history = recorder()
    const { room, add } = history
    const a = await openTally(url)
    await Promise.all([add(a), add(a), add(a)])
    const [first] = await docsOf(db, room)
    if (first === undefined) throw new Error('nothing was stored')
    const mend = await spoil(room, first)
    await a.store.close()
    return { history, mend, b: await openTally(url, more) }
  }

  test('is an incident, told once: no writes and no reads, until it is mended', async () => {
    const { history, mend, b } = await spoilt({})
    await using _b = b
    const { room, add, look, faults } = history
    expect(await add(b)).toEqual({ rule: 'room-unsound' })
    expect(await add(b)).toEqual({ rule: 'room-unsound' })
    await expect(b.read(room)).rejects.toMatchObject({ rule: 'room-unsound' })
    expect(b.unsound).toEqual([room])
    await mend()
    expect(await add(b)).toEqual({ seq: 4, result: 4, replayed: false })
    await look(b)
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('control: folded without a check, it takes writes that nobody can trust', async () => {
    const { history, b } = await spoilt(credulous)
    await using _b = b
    const { room, add, look, faults } = history
    const told = await add(b)
    if ('seq' in told) await look(b)
    expect(told).toHaveProperty('seq')
    expect(b.unsound).toEqual([])
    expect(faults(await docsOf(db, room))).not.toEqual([])
  })
})

describe('a reader whose own head is another history', () => {
  test('folds anew from the snapshot, tells its watchers so, and goes on', async () => {
    await using a = await openTally(url)
    await using b = await openTally(url)
    const { room, add, seen, faults } = recorder()
    await add(a, 1)
    const wrong = draft({ room, seq: 2, prev: (await docsOf(db, room))[0]?._id ?? null, adds: [100] })
    const mend = await planted(wrong)
    const resets: (Tally | null)[] = []
    using _watched = await b.watch(room, { landed: () => {}, reset: ({ state }) => void resets.push(state) })
    await mend()
    await add(a, 2)
    await add(a, 3)
    expect(await add(b, 4)).toEqual({ seq: 4, result: 10, replayed: false })
    expect(b.unsound).toEqual([])
    expect(resets.at(-1)).toMatchObject({ seq: 3, sum: 6 })
    seen.push(...resets.slice(1).flatMap((state) => state ?? []))
    expect(faults(await docsOf(db, room))).toEqual([])
  })
})

describe('a resume inside of a document (room-log.md 2)', () => {
  test('re-reads the document, and drops what the subscriber has', async () => {
    await using tally = await openTally(url)
    const { room, add } = recorder()
    await Promise.all([add(tally, 1), add(tally, 2), add(tally, 3)])
    await add(tally, 4)
    const docs = await documentsAfter(tally.store.log, { room, after: 2 })
    const adds = docs?.flatMap((doc) => JSON.parse(sliceAfter(doc, 2)).map(({ by }: { by: number }) => by))
    expect(adds).toEqual([3, 4])
  })

  test('control: the documents after its version lack the rest of its own', async () => {
    await using tally = await openTally(url)
    const { room, add } = recorder()
    await Promise.all([add(tally, 1), add(tally, 2), add(tally, 3)])
    await add(tally, 4)
    const docs = await tally.store.log.tail({ room, from: 3 })
    expect(docs.flatMap((doc) => JSON.parse(doc.body).map(({ by }: { by: number }) => by))).toEqual([4])
  })

  test('control: a head inside of a document appends over its end', async () => {
    await using a = await openTally(url)
    const { room, add, faults } = recorder()
    await Promise.all([add(a, 1), add(a, 2), add(a, 3)])
    const [doc] = await docsOf(db, room)
    if (doc === undefined) throw new Error('nothing was stored')
    const state = JSON.stringify({ seq: 2, sum: 3, closed: false })
    await a.store.log.keep({
      _id: room,
      kind: 'tally',
      seq: 2,
      last: doc._id,
      at: doc.at,
      state,
      users: [],
      deleted: false,
    })
    await using b = await openTally(url)
    expect(await add(b, 4)).toEqual({ seq: 3, result: 7, replayed: false })
    expect(faults(await docsOf(db, room))).toContain('the document at 3 does not follow')
  })
})
