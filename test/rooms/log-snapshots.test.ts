import { describe, expect, test } from 'bun:test'
import { documentsAfter, changesSince } from '../../server/rooms/changes.ts'
import { roomCache } from '../../server/rooms/cache.ts'
import type { RoomDoc } from '../../server/store/docs.ts'
import { docsOf, eventsIn } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally, type Tally, type TallyCommand } from '../kit/tally.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const snapshots = db.collection<RoomDoc>('rooms')
const kept = (room: string) => snapshots.findOne({ _id: room })

/** What retention does: removes the events up to a version. They are returned, for the checker. */
async function removeUpTo(room: string, seq: number) {
  const gone = (await docsOf(db, room)).filter((doc) => doc.seq + doc.n - 1 <= seq)
  await eventsIn(db).deleteMany({ _id: { $in: gone.map(({ _id }) => _id) } })
  return gone
}

describe('a snapshot (room-log.md 11)', () => {
  /** Two processes keep theirs: the newer comes first. Then retention works by it, and a third process opens the room. */
  async function keptTwice(keep: (doc: RoomDoc) => Promise<unknown>) {
    await using a = await openTally(url)
    const { room, add, look, faults } = recorder()
    for (let i = 0; i < 5; i++) await add(a)
    const docs = await docsOf(db, room)
    const at = (seq: number): RoomDoc => ({
      _id: room,
      kind: 'tally',
      seq,
      last: docs[seq - 1]?._id ?? '',
      at: new Date(),
      state: JSON.stringify({ seq, sum: seq, closed: false }),
      users: [],
      deleted: false,
    })
    await keep(at(4))
    const gone = await removeUpTo(room, 4)
    await keep(at(2))
    await using b = await openTally(url)
    const told = await add(b)
    if ('seq' in told) await look(b)
    return { told, seq: (await kept(room))?.seq, faults: faults([...gone, ...(await docsOf(db, room))]) }
  }

  test('replaces a smaller one only', async () => {
    await using tally = await openTally(url)
    expect(await keptTwice(tally.store.log.keep)).toEqual({
      told: { seq: 6, result: 6, replayed: false },
      seq: 4,
      faults: [],
    })
  })

  test('control: written whatever stands there, an older one loses what retention removed by the newer', async () => {
    const naive = (doc: RoomDoc) => snapshots.replaceOne({ _id: doc._id }, doc, { upsert: true })
    expect(await keptTwice(naive)).toMatchObject({ told: { rule: 'room-unsound' }, seq: 2 })
  })

  test('is kept when the process closes', async () => {
    const tally = await openTally(url)
    const { room, add } = recorder()
    await add(tally)
    await add(tally)
    expect(await kept(room)).toBeNull()
    await tally.close()
    const stored = await kept(room)
    expect(stored?.seq).toBe(2)
    expect(JSON.parse(stored?.state ?? '')).toEqual({ seq: 2, sum: 2, closed: false })
  })

  test('lags behind without harm where the process was killed: the log has all', async () => {
    const killed = await openTally(url)
    const { room, add, look, faults } = recorder()
    await add(killed)
    await killed.store.close()
    await using fresh = await openTally(url)
    expect(await add(fresh)).toMatchObject({ seq: 2, result: 2 })
    await look(fresh)
    expect(await kept(room)).toBeNull()
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('is kept after 200 events', async () => {
    await using tally = await openTally(url)
    const { room, add } = recorder()
    await Promise.all(Array.from({ length: 199 }, () => add(tally)))
    const before = await kept(room)
    await add(tally)
    expect(before).toBeNull()
    await until(async () => (await kept(room))?.seq === 200, { what: 'a snapshot' })
  })

  test('is kept ten seconds after a change', async () => {
    await using tally = await openTally(url)
    const { room: id, add } = recorder()
    await add(tally)
    const [doc] = await docsOf(db, id)
    const cache = roomCache<Tally, TallyCommand>({
      parts: tally.parts,
      summary: () => ({ kind: 'tally', at: 0, users: [], deleted: false }),
      reader: { freshen: async () => {} },
      onError: () => {},
    })
    const changed = (room: string, ms: number) => {
      const state = { seq: 1, sum: 1, closed: false }
      const head = { state, seq: 1, last: doc?._id ?? '' }
      Object.assign(cache.room(room), { head, dirtySince: performance.now() - ms })
    }
    changed('just now', 5_000)
    changed(id, 10_000)
    await until(() => kept(id), { what: 'a snapshot' })
    expect(await kept('just now')).toBeNull()
    await cache.close()
  })
})

describe('a log whose beginning is gone (room-log.md 12)', () => {
  /** Six events in three documents; the snapshot is at 4, and what is below it was removed. */
  async function shortened() {
    const history = recorder()
    const { room, add } = history
    const a = await openTally(url)
    for (let i = 0; i < 2; i++) await Promise.all([add(a), add(a)])
    await a.close()
    const b = await openTally(url)
    await Promise.all([add(b), add(b)])
    await b.store.close()
    return { history, gone: await removeUpTo(room, 4) }
  }

  test('folds from the snapshot and what follows it', async () => {
    const { history, gone } = await shortened()
    const { room, add, look, faults } = history
    expect(gone).toHaveLength(2)
    await using tally = await openTally(url)
    expect(await add(tally)).toEqual({ seq: 7, result: 7, replayed: false })
    await look(tally)
    expect(faults([...gone, ...(await docsOf(db, room))])).toEqual([])
  })

  test('control: without its snapshot it does not fold', async () => {
    const { history } = await shortened()
    await snapshots.deleteOne({ _id: history.room })
    await using tally = await openTally(url)
    expect(await history.add(tally)).toEqual({ rule: 'room-unsound' })
  })

  test('tells what came after a version, or that it is not kept any more', async () => {
    const { history } = await shortened()
    const { room } = history
    await using tally = await openTally(url)
    const { log } = tally.store
    const after = async (version: number) =>
      (await documentsAfter(log, { room, after: version }))?.map(({ seq }) => seq)
    expect(await after(3)).toBeUndefined()
    expect(await after(4)).toEqual([5])
    expect(await after(5)).toEqual([5])
    expect(await after(6)).toEqual([])
    expect(await changesSince(log, { room, after: 1, upTo: 6 })).toBeNull()
    expect(JSON.parse((await changesSince(log, { room, after: 5, upTo: 6 })) ?? '')).toMatchObject([{ by: 1 }])
  })
})
