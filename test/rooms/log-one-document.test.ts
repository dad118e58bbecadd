import { describe, expect, test } from 'bun:test'
import { docsOf, draft, eventsIn, logAppends } from '../kit/log-parts.ts'
import { recorder, type Sender } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally } from '../kit/tally.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)

/** A first insert that is on its way while `meanwhile` happens. */
function delayed() {
  const gate = Promise.withResolvers<void>()
  const flight = { formed: 0, flying: 0, most: 0 }
  const more = logAppends(async (form, append, times) => {
    const doc = form()
    flight.formed++
    flight.most = Math.max(flight.most, ++flight.flying)
    if (times === 0) await gate.promise
    return append(() => doc).finally(() => flight.flying--)
  })
  return { more, flight, land: gate.resolve }
}

describe('documents of one room (room-log.md 5)', () => {
  test('are on their way one at a time: what comes meanwhile waits, and is the next one', async () => {
    const { more, flight, land } = delayed()
    await using a = await openTally(url)
    await using b = await openTally(url, more)
    const { room, add, faults } = recorder()
    const first = add(b)
    await until(() => flight.formed === 1, { what: 'the first document is on its way' })
    const later = [add(b), add(b), add(b)]
    await add(a, 10)
    expect(flight.formed).toBe(1)
    land()
    const told = await Promise.all([first, ...later])
    expect(told).toMatchObject([{ result: 11 }, { result: 12 }, { result: 13 }, { result: 14 }])
    expect(flight.most).toBe(1)
    const docs = await docsOf(db, room)
    // The first lost its slot, and shares the next with those who waited.
    expect(docs.map(({ n }) => n)).toEqual([1, 4])
    expect(faults(docs)).toEqual([])
  })

  test('control: with two on their way the second lands without the first', async () => {
    await using a = await openTally(url)
    const { room, add, faults } = recorder()
    const ids = [Bun.randomUUIDv7(), Bun.randomUUIDv7()] as const
    const first = draft({ room, seq: 1, prev: null, ids: [ids[0]] })
    const second = draft({ room, seq: 2, prev: first._id, ids: [ids[1]] })
    const naive = (doc: typeof first): Sender => ({
      send: async () => {
        await eventsIn(db).insertOne(doc)
        return { seq: doc.seq, result: null, replayed: false }
      },
    })
    await add(a, 10)
    const told = await Promise.all([add(naive(first), 1, ids[0]), add(naive(second), 1, ids[1])])
    expect(told).toEqual([{ rule: 'failed' }, { seq: 2, result: null, replayed: false }])
    expect(faults(await docsOf(db, room))).toContain('the document at 2 does not follow')
    await using fresh = await openTally(url)
    expect(await add(fresh)).toEqual({ rule: 'room-unsound' })
  })

  test('of different rooms do not wait for each other', async () => {
    const { more, flight, land } = delayed()
    await using tally = await openTally(url, more)
    const [slow, quick] = [recorder(), recorder()]
    const first = slow.add(tally)
    await until(() => flight.formed === 1, { what: 'the first document is on its way' })
    expect(await quick.add(tally)).toMatchObject({ seq: 1 })
    expect(flight.most).toBe(2)
    land()
    expect(await first).toMatchObject({ seq: 1 })
  })
})
