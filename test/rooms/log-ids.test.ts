import { describe, expect, test } from 'bun:test'
import type { LogStore } from '../../server/store/log.ts'
import { INDEXES } from '../../server/store/indexes.ts'
import { docsOf, draft, eventsIn, logOver } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type More, openTally } from '../kit/tally.ts'

const { url, db } = useDatabase(import.meta.path)

/** What a process did to a room before it closed: who opens it next folds the snapshot, and the index alone tells it which commands were done. */
async function before(
  first: (to: ReturnType<typeof recorder>, tally: Awaited<ReturnType<typeof openTally>>) => Promise<unknown>,
  more: More = {},
) {
  const history = recorder()
  await using tally = await openTally(url, more)
  await first(history, tally)
  return history
}

describe('a repeated command (room-log.md 9)', () => {
  test('hears its first result, from memory, from the log and from the index', async () => {
    await using a = await openTally(url)
    await using b = await openTally(url)
    const { room, add, faults } = recorder()
    const id = Bun.randomUUIDv7()
    const first = { seq: 1, result: 5, replayed: false }
    expect(await add(a, 5, id)).toEqual(first)
    expect(await add(a, 5, id)).toEqual({ ...first, replayed: true })
    expect(await add(b, 5, id)).toEqual({ ...first, replayed: true })
    await a.close()
    await using c = await openTally(url)
    expect(await add(c, 5, id)).toEqual({ ...first, replayed: true })
    expect(c.conflicts).toEqual(['command'])
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('control: without the unique index it is done again', async () => {
    const more = (): { log: LogStore } => ({ log: logOver(db, 'bare') })
    const id = Bun.randomUUIDv7()
    const history = await before(({ add }, a) => add(a, 5, id), more)
    await using b = await openTally(url, more)
    expect(await history.add(b, 5, id)).toEqual({ seq: 2, result: 10, replayed: false })
    const docs = await db.collection('bare').find({ room: history.room }).toArray()
    // edge: documents of a log, in another collection.
    const faults = history.faults(docs as unknown as Parameters<typeof history.faults>[0])
    expect(faults).toContainEqual(expect.stringContaining('is in the log twice'))
  })

  test('twice in one turn is done once', async () => {
    await using tally = await openTally(url)
    const { room, add, faults } = recorder()
    const id = Bun.randomUUIDv7()
    const told = await Promise.all([add(tally), add(tally, 5, id), add(tally, 5, id), add(tally)])
    expect(told).toMatchObject([{ seq: 1 }, { seq: 2, replayed: false }, { seq: 2, replayed: true }, { seq: 3 }])
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('among new ones in a document leaves them in peace, also if the first read of the index fails', async () => {
    const id = Bun.randomUUIDv7()
    let failures = 1
    const failsOnce = (log: LogStore) => {
      const doneBy: LogStore['doneBy'] = (key) =>
        failures-- > 0 ? Promise.reject(new Error('the connection closed')) : log.doneBy(key)
      return { log: { ...log, doneBy } }
    }
    const { room, add, faults } = await before(({ add }, a) => add(a, 5, id))
    await using b = await openTally(url, failsOnce)
    const told = await Promise.all([add(b, 1), add(b, 5, id), add(b, 1)])
    expect(told).toEqual([
      { seq: 2, result: 6, replayed: false },
      { seq: 1, result: 5, replayed: true },
      { seq: 3, result: 7, replayed: false },
    ])
    expect(b.conflicts).toEqual(['command', 'command'])
    expect(failures).toBeLessThan(0)
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('hears its first result although what it did is why it would be refused now', async () => {
    const id = Bun.randomUUIDv7()
    const { room, ask, add, faults } = await before(({ ask }, a) => ask(a, { type: 'close' }, id))
    await using b = await openTally(url)
    const told = await Promise.all([ask(b, { type: 'close' }, id), add(b), ask(b, { type: 'close' })])
    expect(told).toEqual([{ seq: 1, result: null, replayed: true }, { rule: 'room-gone' }, { rule: 'room-gone' }])
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('control: refused without a look at the index, it hears that it failed', async () => {
    const id = Bun.randomUUIDv7()
    const blind = (log: LogStore) => ({ log: { ...log, doneBy: async () => [] } })
    const history = await before(({ ask }, a) => ask(a, { type: 'close' }, id))
    await using b = await openTally(url, blind)
    expect(await history.ask(b, { type: 'close' }, id)).toEqual({ rule: 'room-gone' })
    const faults = history.faults(await docsOf(db, history.room))
    expect(faults).toContainEqual(expect.stringContaining('was refused and done'))
  })
})

describe('an id (room-log.md 9)', () => {
  test('of another command is refused, from memory and from the index', async () => {
    const id = Bun.randomUUIDv7()
    const { room, add, faults } = await before(async (to, a) => {
      await to.add(a, 5, id)
      expect(await to.add(a, 6, id)).toEqual({ rule: 'idempotency-mismatch' })
    })
    await using b = await openTally(url)
    expect(await Promise.all([add(b, 1), add(b, 6, id)])).toMatchObject([{ seq: 2 }, { rule: 'idempotency-mismatch' }])
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('of a refused command is free: the same may be done later', async () => {
    await using tally = await openTally(url)
    const { room, ask, add, faults } = recorder()
    const id = Bun.randomUUIDv7()
    await ask(tally, { type: 'close' })
    expect(await add(tally, 5, id)).toEqual({ rule: 'room-gone' })
    await ask(tally, { type: 'open' })
    expect(await add(tally, 6, id)).toEqual({ seq: 3, result: 6, replayed: false })
    expect(faults(await docsOf(db, room))).toEqual([])
  })
})

describe('documents without commands (room-log.md, "Documents")', () => {
  const two = () => {
    const room = crypto.randomUUID()
    const one = draft({ room, seq: 1, prev: null })
    return [one, draft({ room, seq: 2, prev: one._id })]
  }

  test('stand beside each other', async () => {
    await using _tally = await openTally(url)
    expect((await eventsIn(db).insertMany(two())).insertedCount).toBe(2)
  })

  test('control: under an index that is not partial the second is refused', async () => {
    const whole = db.collection<ReturnType<typeof draft>>('whole')
    await whole.createIndexes(INDEXES.events.map(({ partialFilterExpression: _, ...index }) => index))
    await expect(whole.insertMany(two())).rejects.toThrow('index: command')
  })
})
