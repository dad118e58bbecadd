import { afterAll, describe, expect, test } from 'bun:test'
import { toFoyerError } from '../../client/errors.ts'
import { useDatabase } from '../kit/mongo.ts'
import { roomServer } from './calls.ts'

const { url, db } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const [alice, bob] = await Promise.all([foyer.as('alice'), foyer.as('bob')])
const ruleOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: unknown) => toFoyerError(thrown).rule,
  )
const UUID = /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const opened = async (data: { [key: string]: number } = {}) => (await alice.room.create.mutate({ data })).room
const unknown = '00000000-0000-8000-8000-000000000000'

describe('seed 2, entities', () => {
  test('a room is a UUID that the service made', async () => {
    const [one, other] = [await opened(), await opened()]
    expect(one).toMatch(UUID)
    expect(other).not.toBe(one)
  })

  test('users are IDs that the integrator supplies: any text without control characters', async () => {
    const carol = await foyer.as('Ünïcode user/№7 🎲')
    const room = await opened()
    const { now } = await carol.room.join.mutate({ room })
    expect(now).toMatchObject({ occupants: ['alice', 'Ünïcode user/№7 🎲'] })
  })

  test('a room holds users and session data of any shape', async () => {
    const data = {
      match: { turn: 1 },
      polygons: [
        [
          [0, 0],
          [1, 2.5],
        ],
      ],
      cells: { A1: 'text', B2: null },
      '': true,
    }
    const { now } = await alice.room.create.mutate({ data })
    expect(now).toMatchObject({ status: 'live', occupants: ['alice'], data })
  })
})

describe('seed 2, functions', () => {
  test('1. create a room (the ID is made by us)', async () => {
    const reply = await alice.room.create.mutate({ data: { a: 1 }, capacity: 3, metadata: { game: 'go' } })
    expect(reply).toMatchObject({ version: 1, replayed: false })
    expect(reply.now).toMatchObject({ owner: 'alice', occupants: ['alice'], capacity: 3, metadata: { game: 'go' } })
  })

  test('2. delete a room, by ID, if there is one, else an error', async () => {
    const room = await opened()
    const { now } = await alice.room.delete.mutate({ room, reason: 'over' })
    expect(now).toMatchObject({ status: 'deleted', room, version: 2, deleted: { by: 'alice', reason: 'over' } })
    expect(await ruleOf(alice.room.delete.mutate({ room }))).toBe('room-gone')
    expect(await ruleOf(alice.room.delete.mutate({ room: unknown }))).toBe('room-gone')
  })

  test('3. enter: join, if not yet in', async () => {
    const room = await opened()
    expect((await bob.room.join.mutate({ room })).now).toMatchObject({ occupants: ['alice', 'bob'] })
  })

  test('4. leave, if not yet out', async () => {
    const room = await opened()
    await bob.room.join.mutate({ room })
    expect((await bob.room.leave.mutate({ room, reply: 'result' })).version).toBe(3)
    expect(await alice.room.get.query({ room })).toMatchObject({ occupants: ['alice'] })
  })

  test('5. edit the data: set, update lists and dictionaries, delete', async () => {
    const { room } = await alice.room.create.mutate({ data: { list: [1], dictionary: { a: 1 }, gone: true } })
    const { now } = await alice.room.edit.mutate({
      room,
      operations: [
        { op: 'set', path: '/fresh', value: 'x' },
        { op: 'append', path: '/list', values: [2] },
        { op: 'merge', path: '/dictionary', value: { b: 2 } },
        { op: 'delete', path: '/gone' },
      ],
    })
    expect(now).toMatchObject({ data: { list: [1, 2], dictionary: { a: 1, b: 2 }, fresh: 'x' } })
    expect(JSON.stringify(now)).not.toContain('gone')
  })
})

describe('seed 2, the table', () => {
  test('delete: only if you own the room, else an error', async () => {
    const room = await opened()
    await bob.room.join.mutate({ room })
    expect(await ruleOf(bob.room.delete.mutate({ room }))).toBe('not-owner')
    expect(await alice.room.get.query({ room })).toMatchObject({ status: 'live' })
  })

  test('enter is idempotent: the user is in the list of visitors once', async () => {
    const room = await opened()
    for (let time = 0; time < 3; time++) await bob.room.join.mutate({ room })
    expect(await bob.room.get.query({ room })).toMatchObject({ occupants: ['alice', 'bob'] })
  })

  test('leave is idempotent', async () => {
    const room = await opened()
    expect(await ruleOf(bob.room.leave.mutate({ room, reply: 'result' }))).toBe('ok')
    expect(await ruleOf(bob.room.leave.mutate({ room, reply: 'result' }))).toBe('ok')
  })

  test('edit: only if the user is in the room, else an error', async () => {
    const room = await opened()
    const operations = [{ op: 'set' as const, path: '/a', value: 1 }]
    expect(await ruleOf(bob.room.edit.mutate({ room, operations }))).toBe('not-occupant')
    await bob.room.join.mutate({ room })
    expect(await ruleOf(bob.room.edit.mutate({ room, operations }))).toBe('ok')
    await bob.room.leave.mutate({ room, reply: 'result' })
    expect(await ruleOf(bob.room.edit.mutate({ room, operations }))).toBe('not-occupant')
  })

  test('is editing idempotent? under its command`s id it is: a repeat gets the first result', async () => {
    const room = await opened({ n: 0 })
    const command = { room, id: Bun.randomUUIDv7(), operations: [{ op: 'increment' as const, path: '/n', by: 1 }] }
    const first = await alice.room.edit.mutate(command)
    const again = await alice.room.edit.mutate(command)
    expect(again).toEqual({ ...first, replayed: true })
    expect(again.now).toMatchObject({ data: { n: 1 } })
  })

  test('create is not idempotent by itself, but a repeat under its command`s id makes no second room', async () => {
    const id = Bun.randomUUIDv7()
    const first = await alice.room.create.mutate({ id })
    expect(await alice.room.create.mutate({ id })).toEqual({ ...first, replayed: true })
    expect((await bob.room.create.mutate({ id })).room).not.toBe(first.room)
  })
})

describe('seed 2, the process of work', () => {
  test('single commands are answered with the full snapshot of the room', async () => {
    const room = await opened({ n: 1 })
    const { now, version } = await bob.room.join.mutate({ room })
    expect(now).toEqual(await bob.room.get.query({ room }))
    expect(version).toBe(2)
  })

  test('or with the news of its deletion', async () => {
    const room = await opened()
    await alice.room.delete.mutate({ room })
    expect(await bob.room.get.query({ room })).toMatchObject({ status: 'deleted', deleted: { by: 'alice' } })
  })

  test('what if two edit the same thing? both edits count, one after the other', async () => {
    const room = await opened({ n: 0 })
    await bob.room.join.mutate({ room })
    const operations = [{ op: 'increment' as const, path: '/n', by: 1 }]
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? alice : bob).room.edit.mutate({ room, operations })),
    )
    expect(await alice.room.get.query({ room })).toMatchObject({ data: { n: 40 }, version: 42 })
    const docs = await db.collection('events').find({ room }).sort({ seq: 1 }).toArray()
    expect(docs.reduce((next, { seq, n }) => (seq === next ? next + n : Number.NaN), 1)).toBe(43)
  })
})
