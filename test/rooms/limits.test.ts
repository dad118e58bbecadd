import { afterAll, describe, expect, test } from 'bun:test'
import type { Json } from '../../shared/json.ts'
import { LIMITS } from '../../shared/limits.ts'
import type { Operation } from '../../shared/room/operations.ts'
import { useDatabase } from '../kit/mongo.ts'
import { roomServer } from './calls.ts'

const { url } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const alice = await foyer.as('alice')
const { room: LIMIT } = LIMITS

/** What a call comes to: `ok`, or the error's data. */
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: unknown) => Object(thrown).data ?? thrown,
  )
const reached = (what: string, limit: number) => ({ rule: 'limit-reached', what, limit })
const nested = (depth: number): Json => (depth === 0 ? 0 : [nested(depth - 1)])
const edited = async (data: Json, operations: Operation[]) => {
  const { room } = await alice.room.create.mutate({ data })
  return outcome(alice.room.edit.mutate({ room, operations, reply: 'result' }))
}
const set = (value: Json): Operation => ({ op: 'set', path: '/v', value })

describe('limits of rooms are typed errors that carry the number', () => {
  test('depth', async () => {
    expect(await edited({}, [set(nested(LIMIT.depth - 1))])).toBe('ok')
    expect(await edited({}, [set(nested(LIMIT.depth))])).toMatchObject(reached('depth', LIMIT.depth))
  })

  test('characters of a key', async () => {
    expect(await edited({}, [set({ ['k'.repeat(LIMIT.keyChars)]: 1 })])).toBe('ok')
    const long = await edited({}, [set({ ['k'.repeat(LIMIT.keyChars + 1)]: 1 })])
    expect(long).toMatchObject(reached('keyChars', LIMIT.keyChars))
  })

  test('keys of a dictionary', async () => {
    const many = (from: number, n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [String(from + i), 0]))
    const half = LIMIT.keys / 2
    const { room } = await alice.room.create.mutate({ data: many(0, half) })
    const merge = (value: { [key: string]: number }) =>
      outcome(alice.room.edit.mutate({ room, operations: [{ op: 'merge', path: '', value }], reply: 'result' }))
    expect(await merge(many(half, half - 1))).toBe('ok')
    expect(await merge({ last: 1 })).toBe('ok')
    expect(await merge({ over: 1 })).toMatchObject(reached('keys', LIMIT.keys))
    expect(await merge({ last: 2 })).toBe('ok')
  })

  test('elements of a list', async () => {
    const { room } = await alice.room.create.mutate({ data: { list: Array(LIMIT.listLength - 1).fill(0) } })
    const append = () =>
      outcome(
        alice.room.edit.mutate({ room, operations: [{ op: 'append', path: '/list', values: [0] }], reply: 'result' }),
      )
    expect(await append()).toBe('ok')
    expect(await append()).toMatchObject(reached('listLength', LIMIT.listLength))
  })

  test('operations of a command', async () => {
    expect(await edited({}, Array(LIMIT.operations).fill(set(1)))).toBe('ok')
    expect(await edited({}, Array(LIMIT.operations + 1).fill(set(1)))).toMatchObject(
      reached('operations', LIMIT.operations),
    )
  })

  test('bytes of a room', async () => {
    const { room } = await alice.room.create.mutate({ data: { list: [] } })
    const append = (chars: number) =>
      outcome(
        alice.room.edit.mutate({
          room,
          operations: [{ op: 'append', path: '/list', values: ['x'.repeat(chars)] }],
          reply: 'result',
        }),
      )
    // {"list":[]} and for each string its quotes and a comma, but one comma less.
    const rest = LIMIT.bytes - '{"list":[]}'.length - 5 * (50_000 + 3) + 1
    for (let i = 0; i < 5; i++) expect(await append(50_000)).toBe('ok')
    expect(await append(rest - 3 + 1)).toMatchObject(reached('bytes', LIMIT.bytes))
    expect(await append(rest - 3)).toBe('ok')
    expect(await append(0)).toMatchObject(reached('bytes', LIMIT.bytes))
  })

  test('occupants', async () => {
    expect(await outcome(alice.room.create.mutate({ capacity: LIMIT.occupants }))).toBe('ok')
    expect(await outcome(alice.room.create.mutate({ capacity: LIMIT.occupants + 1 }))).toMatchObject({
      rule: 'bad-request',
    })
  })

  test('bytes of metadata', async () => {
    const metadata = (bytes: number) => ({ m: 'x'.repeat(bytes - '{"m":""}'.length) })
    expect(await outcome(alice.room.create.mutate({ metadata: metadata(LIMIT.metadataBytes) }))).toBe('ok')
    const over = await outcome(alice.room.create.mutate({ metadata: metadata(LIMIT.metadataBytes + 1) }))
    expect(over).toMatchObject(reached('metadataBytes', LIMIT.metadataBytes))
  })
})

describe('rates of commands', () => {
  test('of one user, whoever sends for them; with the number and the time to wait', async () => {
    await using slow = await roomServer(url, { RATE_PER_USER: '2', RATE_BURST_PER_USER: '3' })
    const backend = await slow.service()
    const join = (as: string) => outcome(backend.room.join.mutate({ room, as, reply: 'result' }))
    const { room } = await backend.room.create.mutate({ as: 'owner' })
    for (let i = 0; i < 3; i++) expect(await join('bob')).toBe('ok')
    expect(await join('bob')).toMatchObject({
      rule: 'rate-limited',
      what: 'user',
      limit: 2,
      retryAfterMs: expect.any(Number),
    })
    expect(await join('carol')).toBe('ok')
  })

  test('of all users in one room', async () => {
    await using slow = await roomServer(url, { RATE_PER_ROOM: '2', RATE_BURST_PER_ROOM: '3' })
    const backend = await slow.service()
    const { room } = await backend.room.create.mutate({ as: 'owner' })
    const join = (as: string) => outcome(backend.room.join.mutate({ room, as, reply: 'result' }))
    for (const user of ['a', 'b', 'c']) expect(await join(user)).toBe('ok')
    expect(await join('d')).toMatchObject({ rule: 'rate-limited', what: 'room', limit: 2 })
  })
})
