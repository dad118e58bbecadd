import { beforeEach, describe, expect, test } from 'bun:test'
import { changesSince } from '../../server/rooms/changes.ts'
import type { LogStore } from '../../server/store/log.ts'
import { useDatabase } from '../kit/mongo.ts'
import { ruleOf } from '../kit/session.ts'
import { creationOf, DAY, emptyRooms, HOUR, increment, openSweeper, send, type Sweeper } from './sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyRooms(db))

/** Two documents of the day before yesterday, two of this morning. */
const TIMES = [50 * HOUR, 49 * HOUR, 5 * HOUR, 4 * HOUR]
const seqs = async (kit: Sweeper, id: string) => (await kit.docs(id)).map(({ seq }) => seq)

describe('retention', () => {
  test('takes what is older than it, and leaves what is younger', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room(TIMES)
    expect(await kit.sweep()).toEqual({ repaired: 0, closed: 0, deleted: 2, buried: 0 })
    expect(await seqs(kit, id)).toEqual([3, 4])
    expect(await kit.sweep()).toMatchObject({ deleted: 0 })
  })

  test('takes nothing above the snapshot, however old, before a newer one is kept', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([52 * HOUR, 51 * HOUR])
    const killed = kit.process({ agoMs: 50 * HOUR, killed: true })
    for (let i = 0; i < 3; i++) await send(killed, id, increment)
    const { kept, old, remove } = kit.logs
    const page = await old({ before: new Date(Date.now() - DAY), after: null, limit: 100 })
    expect(page.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect((await kept([id])).get(id)?.seq).toBe(2)
    const lagging = { ...kit.store, log: { ...kit.store.log, keep: () => Promise.resolve() } }
    const worker = kit.worker(lagging)
    expect(await worker.sweep()).toMatchObject({ deleted: 2 })
    expect(await worker.sweep()).toMatchObject({ deleted: 0 })
    expect(await seqs(kit, id)).toEqual([3, 4, 5])
    expect(await remove([])).toBe(0)
    await worker.close()
  })

  test('takes the document in which the snapshot ends, and the next one still follows it', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([50 * HOUR])
    // One document of several events: commands that come together.
    const past = kit.process({ agoMs: 49 * HOUR })
    await Promise.all(Array.from({ length: 5 }, () => send(past, id, increment)))
    await past.settle(id)
    const before = await kit.process().read(id)
    expect(await kit.snapshot(id)).toMatchObject({ seq: 6 })
    await kit.sweep()
    expect(await kit.docs(id)).toEqual([])
    expect(await kit.process().read(id)).toEqual(before)
    await send(kit.process(), id, increment)
    expect(await seqs(kit, id)).toEqual([7])
    expect(await kit.process().read(id)).toMatchObject({ seq: 7, data: { n: 6 } })
  })

  test('changes nothing that a process which starts afterwards reads', async () => {
    await using kit = await openSweeper(url)
    const ids = await Promise.all([TIMES, TIMES.slice(0, 2), TIMES.slice(2)].map((times) => kit.room(times)))
    const read = () => Promise.all(ids.map((id) => kit.process().read(id)))
    const before = await read()
    expect(await kit.sweep()).toMatchObject({ deleted: 4 })
    expect(await read()).toEqual(before)
  })

  test('would break the fold if it took what is above the snapshot', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room(TIMES)
    await kit.store.log.rooms.updateOne({ _id: id }, { $set: { seq: 1 } })
    await db.collection('events').deleteOne({ room: id, seq: 2 })
    expect(await ruleOf(kit.process().read(id))).toBe('room-unsound')
  })

  test('gives a room without a snapshot one, and takes its old documents in a later sweep', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room(TIMES, { killed: true })
    const before = await kit.process({ killed: true }).read(id)
    expect(await kit.sweep()).toMatchObject({ repaired: 1 })
    await kit.sweep()
    expect(await seqs(kit, id)).toEqual([3, 4])
    expect(await kit.process().read(id)).toEqual(before)
  })

  test('tells who resumes beyond it that the events are gone, and who is at the newest that nothing came', async () => {
    await using kit = await openSweeper(url)
    const partly = await kit.room(TIMES)
    const wholly = await kit.room(TIMES.slice(0, 2))
    await kit.sweep()
    const since = (room: string, after: number, upTo: number) => changesSince(kit.store.log, { room, after, upTo })
    expect(await since(partly, 1, 4)).toBeNull()
    expect(JSON.parse((await since(partly, 2, 4)) ?? '')).toHaveLength(2)
    expect(await since(partly, 4, 4)).toBe('[]')
    expect(await since(wholly, 0, 2)).toBeNull()
    expect(await since(wholly, 1, 2)).toBeNull()
    expect(await since(wholly, 2, 2)).toBe('[]')
  })

  test('is done once by several workers at once', async () => {
    await using kit = await openSweeper(url)
    const ids = await Promise.all(Array.from({ length: 10 }, () => kit.room(TIMES)))
    const workers = Array.from({ length: 4 }, () => kit.worker())
    const swept = await Promise.all(workers.map((worker) => worker.sweep()))
    expect(swept.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(20)
    for (const id of ids) expect(await seqs(kit, id)).toEqual([3, 4])
    await Promise.all(workers.map((worker) => worker.close()))
  })

  test('takes a bounded number in a sweep, and goes on past a room whose log is broken', async () => {
    await using kit = await openSweeper(url, { bounds: { page: 4, documents: 8 } })
    const broken = await kit.room([60 * HOUR, 59 * HOUR, 58 * HOUR, 57 * HOUR, 56 * HOUR], { killed: true })
    await db.collection('events').deleteOne({ room: broken, seq: 1 })
    const past = kit.process({ agoMs: 50 * HOUR })
    const id = crypto.randomUUID()
    await send(past, id, creationOf(id))
    for (let i = 0; i < 19; i++) await send(past, id, increment)
    await past.settle(id)
    let reads = 0
    const tail: LogStore['tail'] = (key) => {
      if (key.room === broken) reads++
      return kit.store.log.tail(key)
    }
    const worker = kit.worker({ ...kit.store, log: { ...kit.store.log, tail } })
    const deleted: number[] = []
    for (let i = 0; i < 5; i++) deleted.push((await worker.sweep()).deleted)
    await worker.close()
    expect(Math.max(...deleted)).toBeLessThanOrEqual(8)
    expect(deleted.reduce((sum, each) => sum + each, 0)).toBe(20)
    expect(await seqs(kit, broken)).toEqual([2, 3, 4, 5])
    expect(kit.lines.filter((line) => line.includes('does not fold'))).toHaveLength(1)
    expect(reads).toBe(1)
  })
})
