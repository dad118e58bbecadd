import { describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { docsOf } from '../kit/log-parts.ts'
import { recorder, type Sender } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type More, openTally } from '../kit/tally.ts'

const { url, db } = useDatabase(import.meta.path)

/** One process knows the room as closed; another opens it; the first is asked to add. */
async function asked(more?: More) {
  await using a = await openTally(url)
  await using b = await openTally(url, more)
  const { room, ask, add, look, faults } = recorder()
  await ask(a, { type: 'close' })
  await look(b)
  await ask(a, { type: 'open' })
  const told = await add(b)
  return { told, faults: faults(await docsOf(db, room)) }
}

describe('an answer that appends nothing (room-log.md 4)', () => {
  test('is given on what the log holds after the question came', async () => {
    expect(await asked()).toEqual({ told: { seq: 3, result: 1, replayed: false }, faults: [] })
  })

  test('control: on what the process knew, it refuses what is allowed', async () => {
    const { told, faults } = await asked((log) => {
      let reads = 0
      const tail = async (key: { room: string; from: number }): Promise<EventDoc[]> =>
        reads++ === 0 ? log.tail(key) : []
      return { log: { ...log, tail } }
    })
    expect(told).toEqual({ rule: 'room-gone' })
    expect(faults).toEqual([expect.stringContaining('was refused with room-gone, which no state')])
  })

  test('beside commands that do append, is what they leave', async () => {
    await using tally = await openTally(url)
    const { room, ask, add, faults } = recorder()
    const told = await Promise.all([
      add(tally),
      ask(tally, { type: 'close' }),
      add(tally),
      ask(tally, { type: 'open' }),
      add(tally),
    ])
    expect(told).toMatchObject([{ seq: 1 }, { seq: 2 }, { rule: 'room-gone' }, { seq: 3 }, { seq: 4, result: 2 }])
    const docs = await docsOf(db, room)
    expect(docs).toHaveLength(1)
    expect(faults(docs)).toEqual([])
  })

  test('a read shows what was answered before it', async () => {
    await using a = await openTally(url)
    await using b = await openTally(url)
    const { room, add, look, faults } = recorder()
    for (let sum = 1; sum <= 5; sum++) {
      await add(a)
      expect(await look(b)).toMatchObject({ seq: sum, sum })
    }
    expect(faults(await docsOf(db, room))).toEqual([])
  })
})

/** Opens what is open, under an id; closes it; and the first command is repeated through another process. */
async function repeatedNoOp(through: (sender: Sender) => Sender) {
  await using a = await openTally(url)
  await using b = await openTally(url)
  const { room, ask, look, faults } = recorder()
  const id = Bun.randomUUIDv7()
  await ask(a, { type: 'open' })
  const first = await ask(through(a), { type: 'open' }, id)
  await ask(a, { type: 'close' })
  const repeat = await ask(b, { type: 'open' }, id)
  return { first, repeat, closed: (await look(b))?.closed, faults: faults(await docsOf(db, room)) }
}

describe('an accepted command that changes nothing (room-log.md 4)', () => {
  test('uses its id up: its repeat does not act later', async () => {
    expect(await repeatedNoOp((a) => a)).toEqual({
      first: { seq: 2, result: null, replayed: false },
      repeat: { seq: 2, result: null, replayed: true },
      closed: true,
      faults: [],
    })
  })

  test('control: answered without an append, its repeat undoes what came after', async () => {
    const naive = () => ({ send: async () => ({ seq: 1, result: null, replayed: false }) })
    const { closed, faults } = await repeatedNoOp(naive)
    expect(closed).toBe(false)
    expect(faults).toContainEqual(expect.stringContaining('had different answers'))
  })
})
