import { describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import { createRoomLog } from '../../server/rooms/log.ts'
import { docsOf, draft, eventsIn, logAppends } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally, type Tally, type TallyCommand, tallyDecider, type TallyEvent, TESTER } from '../kit/tally.ts'

const { url, db } = useDatabase(import.meta.path)

/** JSON that BSON refuses, or makes something else of. */
const HOSTILE: [string, Json][] = [
  ['a type of BSON that is none', { _bsontype: 'Nothing' }],
  ['a type of BSON', { _bsontype: 'ObjectId', id: 'x' }],
  ['NUL in a key', { 'a\0b': 1 }],
  ['250 levels', Array.from({ length: 250 }).reduce<Json>((inner) => ({ inner }), 1)],
  ['names of operators and paths', { $set: { 'a.b': 1 }, $where: '1', '': 0 }],
  ['names of prototypes', JSON.parse('{"__proto__":{"x":1},"constructor":2}')],
  ['half of a surrogate pair', { '\ud800': 'x\udc00' }],
  ['names that look like numbers', { 2: 'b', 1: 'a', '01': 'c' }],
]

describe('what users write is text (room-log.md, "Documents")', () => {
  test.each(HOSTILE)('%s comes back as it was, from the log and from the snapshot', async (_, value) => {
    const { room, ask, look, faults } = recorder()
    const a = await openTally(url)
    expect(await ask(a, { type: 'note', value })).toMatchObject({ seq: 1 })
    await using b = await openTally(url)
    expect((await look(b))?.note).toEqual(value)
    await a.close()
    await using c = await openTally(url)
    expect(JSON.stringify((await look(c))?.note)).toBe(JSON.stringify(value))
    const docs = await docsOf(db, room)
    expect(docs.flatMap((doc) => eventsOf<TallyEvent>(doc))).toMatchObject([{ type: 'noted', value }])
    expect(faults(docs)).toEqual([])
  })

  test('control: as BSON some of it takes the whole batch of others with it', async () => {
    const rooms = db.collection('as-bson')
    const stored = await Promise.all(
      HOSTILE.map(async ([, value], i) => {
        await rooms.insertMany([{ value: 'a neighbour', i }, { value }], { ordered: false }).catch(() => {})
        return rooms.countDocuments({ i })
      }),
    )
    expect(stored.slice(0, 4)).toEqual([0, 0, 0, 0])
  })
})

/** BSON takes it, so that it is sent with the others, and mongod does not. */
const DEEP = Array.from({ length: 250 }).reduce<object>((inner) => ({ inner }), {})
/** Twenty rooms whose documents leave in one batch; one of them is malformed. */
const [BAD, ROOMS] = [7, 20]
const batch = () => {
  const rooms = Array.from({ length: ROOMS }, () => recorder())
  const bad = rooms[BAD]?.room
  const spoil = <D extends { room: string }>(doc: D): D => (doc.room === bad ? { ...doc, users: DEEP } : doc)
  return { rooms, spoil }
}

describe('a document that mongod does not take (room-log.md 6)', () => {
  test('fails alone: the others of its batch are stored', async () => {
    const { rooms, spoil } = batch()
    await using tally = await openTally(
      url,
      logAppends((form, append) => append(() => spoil(form()))),
    )
    const told = await Promise.all(rooms.map(({ add }) => add(tally)))
    const expected = told.map((_, i) => (i === BAD ? { rule: 'failed' } : { seq: 1, result: 1, replayed: false }))
    expect(told).toEqual(expected)
    for (const { room, faults } of rooms) expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('control: in a batch that is not halved all fail', async () => {
    const { rooms, spoil } = batch()
    const docs = rooms.map(({ room }) => spoil(draft({ room, seq: 1, prev: null })))
    await expect(eventsIn(db).insertMany(docs, { ordered: false })).rejects.toThrow()
    for (const { room } of rooms) expect(await docsOf(db, room)).toEqual([])
  })
})

describe('a command that is too large for a document (room-log.md 6)', () => {
  const large = { type: 'note', value: 'x'.repeat(1_100_000) } as const

  test('is refused alone: those who came with it are done, before and after it', async () => {
    await using tally = await openTally(url)
    const { room, ask, add, faults } = recorder()
    const told = await Promise.all([add(tally), ask(tally, large), add(tally)])
    expect(told).toMatchObject([{ seq: 1 }, { rule: 'too-large' }, { seq: 2, result: 2 }])
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('control: in one document with it they are refused as well', async () => {
    await using tally = await openTally(url)
    const room = crypto.randomUUID()
    const all = draft({ room, seq: 1, prev: null, ids: ['x'.repeat(1_100_000)] })
    await expect(tally.store.log.append(() => all)).rejects.toMatchObject({ rule: 'too-large' })
  })

  test('many small ones are not, whatever their alphabet: a document is measured in bytes', async () => {
    await using tally = await openTally(url)
    const { room, ask, faults } = recorder()
    const notes = Array.from({ length: 1_000 }, () => ask(tally, { type: 'note', value: '漢'.repeat(290) }))
    const told = await Promise.all(notes)
    expect(told.filter((each) => 'rule' in each)).toEqual([])
    const docs = await docsOf(db, room)
    expect(docs.length).toBeGreaterThan(1)
    expect(faults(docs)).toEqual([])
  })

  test('control: in one document those are refused, all of them', async () => {
    await using tally = await openTally(url)
    const ids = Array.from({ length: 1_000 }, () => `${Bun.randomUUIDv7()} ${'漢'.repeat(290)}`)
    const all = draft({ room: crypto.randomUUID(), seq: 1, prev: null, adds: ids.map(() => 1), ids })
    await expect(tally.store.log.append(() => all)).rejects.toMatchObject({ rule: 'too-large' })
  })
})

describe('a command that the decider fails on', () => {
  test('fails alone: the others of its room are done', async () => {
    await using tally = await openTally(url)
    const { add, room, faults } = recorder()
    const failing = createRoomLog<Tally, TallyCommand, TallyEvent>({
      parts: tally.parts,
      decider: {
        ...tallyDecider,
        decide: (state, command, context) => {
          if (command.type === 'add' && command.by === 13) throw new TypeError('a bug')
          return tallyDecider.decide(state, command, context)
        },
      },
      usersOf: () => [],
      summary: () => ({ kind: 'tally', at: 0, users: [], deleted: false }),
      onError: () => {},
    })
    const send = (_: string, command: TallyCommand, id: string = Bun.randomUUIDv7()) =>
      failing.send({ room, id, actor: TESTER, command, hash: '' })
    const told = await Promise.all([add({ send }, 1), add({ send }, 13), add({ send }, 2)])
    expect(told).toMatchObject([{ seq: 1 }, { rule: 'failed' }, { seq: 2, result: 3 }])
    expect(faults(await docsOf(db, room))).toEqual([])
    await failing.close()
  })
})
