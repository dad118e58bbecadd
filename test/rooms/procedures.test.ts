import { afterAll, describe, expect, test } from 'bun:test'
import { toFoyerError } from '../../client/errors.ts'
import { LIMITS } from '../../shared/limits.ts'
import { useDatabase } from '../kit/mongo.ts'
import { roomServer } from './calls.ts'

const { url } = useDatabase(import.meta.path)
const foyer = await roomServer(url)
afterAll(() => foyer[Symbol.asyncDispose]())
const [alice, bob, carol, backend] = await Promise.all([
  foyer.as('alice'),
  foyer.as('bob'),
  foyer.as('carol'),
  foyer.service(),
])
const unknown = '00000000-0000-8000-8000-000000000000'
const refusal = async (call: Promise<unknown>) => {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  return thrown === null ? 'ok' : toFoyerError(thrown).rule
}
/** A room of Alice's with Bob in it. */
const shared = async (data: object = {}, capacity = 10) => {
  const { room } = await alice.room.create.mutate({ data: JSON.parse(JSON.stringify(data)), capacity })
  await bob.room.join.mutate({ room })
  return room
}

describe('room.create', () => {
  test('takes the setting`s capacity where none is named', async () => {
    const { now } = await alice.room.create.mutate({})
    expect(now).toMatchObject({ capacity: foyer.server.foyer.env.ROOM_CAPACITY, data: {}, metadata: {} })
  })
})

describe('room.join', () => {
  test('room-full: the capacity is exact, with the number', async () => {
    const room = await shared({}, 2)
    const thrown = await carol.room.join.mutate({ room }).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ data: { rule: 'room-full', limit: 2 } })
    await bob.room.leave.mutate({ room })
    expect(await refusal(carol.room.join.mutate({ room }))).toBe('ok')
  })

  test('room-gone: unknown, and deleted', async () => {
    const room = await shared()
    await alice.room.delete.mutate({ room })
    expect(await refusal(bob.room.join.mutate({ room }))).toBe('room-gone')
    expect(await refusal(bob.room.join.mutate({ room: unknown }))).toBe('room-gone')
  })
})

describe('room.kick, ban, unban', () => {
  test('kick: the user is out and may come again', async () => {
    const room = await shared()
    expect((await alice.room.kick.mutate({ room, user: 'bob' })).now).toMatchObject({ occupants: ['alice'] })
    expect(await refusal(bob.room.get.query({ room }))).toBe('not-occupant')
    expect(await refusal(bob.room.join.mutate({ room }))).toBe('ok')
  })

  test('ban: the user is out and stays out, until unban', async () => {
    const room = await shared()
    expect((await alice.room.ban.mutate({ room, user: 'bob' })).now).toMatchObject({ banned: ['bob'] })
    expect(await refusal(bob.room.get.query({ room }))).toBe('banned')
    expect(await refusal(bob.room.join.mutate({ room }))).toBe('banned')
    await alice.room.unban.mutate({ room, user: 'bob' })
    expect(await refusal(bob.room.join.mutate({ room }))).toBe('ok')
  })

  test('not-owner, no-such-occupant, forbidden', async () => {
    const room = await shared()
    expect(await refusal(bob.room.kick.mutate({ room, user: 'alice' }))).toBe('not-owner')
    expect(await refusal(bob.room.ban.mutate({ room, user: 'alice' }))).toBe('not-owner')
    expect(await refusal(bob.room.unban.mutate({ room, user: 'carol' }))).toBe('not-owner')
    expect(await refusal(alice.room.kick.mutate({ room, user: 'carol' }))).toBe('no-such-occupant')
    expect(await refusal(alice.room.kick.mutate({ room, user: 'alice' }))).toBe('forbidden')
    expect(await refusal(alice.room.ban.mutate({ room, user: 'alice' }))).toBe('forbidden')
  })
})

describe('room.transfer', () => {
  test('gives the room to an occupant', async () => {
    const room = await shared()
    expect((await alice.room.transfer.mutate({ room, to: 'bob' })).now).toMatchObject({ owner: 'bob' })
    expect(await refusal(alice.room.delete.mutate({ room }))).toBe('not-owner')
    expect(await refusal(bob.room.delete.mutate({ room }))).toBe('ok')
  })

  test('not-owner, no-such-occupant', async () => {
    const room = await shared()
    expect(await refusal(bob.room.transfer.mutate({ room, to: 'bob' }))).toBe('not-owner')
    expect(await refusal(alice.room.transfer.mutate({ room, to: 'carol' }))).toBe('no-such-occupant')
  })

  test('an owner who left still owns, reads, and may come back', async () => {
    const room = await shared()
    await alice.room.leave.mutate({ room })
    expect(await alice.room.get.query({ room })).toMatchObject({ owner: 'alice', occupants: ['bob'] })
    expect(await refusal(alice.room.edit.mutate({ room, operations: [] }))).toBe('not-occupant')
    expect((await alice.room.join.mutate({ room })).now).toMatchObject({ occupants: ['bob', 'alice'] })
  })
})

test('room.setMetadata: the owner`s; limit-reached, not-owner', async () => {
  const room = await shared()
  expect((await alice.room.setMetadata.mutate({ room, metadata: { a: 1 } })).now).toMatchObject({ metadata: { a: 1 } })
  expect(await refusal(bob.room.setMetadata.mutate({ room, metadata: {} }))).toBe('not-owner')
  const metadata = { long: 'x'.repeat(LIMITS.room.metadataBytes) }
  expect(await refusal(alice.room.setMetadata.mutate({ room, metadata }))).toBe('limit-reached')
})

describe('room.edit', () => {
  test('version-conflict brings the version and the changes since, so that one round trip suffices', async () => {
    const room = await shared({ n: 0 })
    const set = (value: number) => [{ op: 'set' as const, path: '/n', value }]
    const { version } = await alice.room.edit.mutate({ room, operations: set(1) })
    await bob.room.edit.mutate({ room, operations: set(2) })
    const thrown = await alice.room.edit
      .mutate({ room, operations: set(3), ifVersion: version })
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ data: { rule: 'version-conflict', version: version + 1 } })
    const { changes } = JSON.parse(JSON.stringify(thrown)).shape?.data ?? Object(thrown).data
    expect(JSON.parse(changes)).toMatchObject([{ type: 'data.edited', by: 'bob', operations: set(2) }])
    const again = alice.room.edit.mutate({ room, operations: set(3), ifVersion: version + 1 })
    expect((await again).now).toMatchObject({ data: { n: 3 } })
  })

  test.each([
    ['test-failed', { op: 'test', path: '/n', value: 1 }],
    ['path-missing', { op: 'delete', path: '/gone' }],
    ['out-of-bounds', { op: 'increment', path: '/n', by: 1, max: 2 }],
    ['duplicate-id', { op: 'append', path: '/list', values: [{ id: 'x' }] }],
  ] as const)('%s brings the version, and with a `base` the changes since', async (name, operation) => {
    const room = await shared({ n: 1, gone: true, list: [] })
    const operations = [
      { op: 'set' as const, path: '/n', value: 2 },
      { op: 'delete' as const, path: '/gone' },
      { op: 'append' as const, path: '/list', values: [{ id: 'x' }] },
    ]
    const { version } = await bob.room.edit.mutate({ room, operations })
    const refused = async (base?: number) =>
      toFoyerError(
        await alice.room.edit.mutate({ room, operations: [operation], base }).catch((error: unknown) => error),
      )
    const { rule, details } = await refused(version - 1)
    expect({ rule, version: details.version }).toEqual({ rule: name, version })
    expect(JSON.parse(details.changes ?? '')).toMatchObject([{ type: 'data.edited', by: 'bob' }])
    const { details: less } = await refused()
    expect(less).toMatchObject({ version, operation: 0 })
    expect(less.changes).toBeUndefined()
  })

  test('an index of an older version is carried over what came in between, or refused', async () => {
    const { room, base } = await (async () => {
      const of = await shared({ list: ['a', 'b', 'c'] })
      return { room: of, base: 2 }
    })()
    await bob.room.edit.mutate({ room, operations: [{ op: 'insert', path: '/list', at: { index: 0 }, value: 'new' }] })
    const { now } = await alice.room.edit.mutate({
      room,
      base,
      operations: [{ op: 'replace', path: '/list', at: { index: 1 }, value: 'B' }],
    })
    expect(now).toMatchObject({ data: { list: ['new', 'a', 'B', 'c'] } })
    await bob.room.edit.mutate({ room, operations: [{ op: 'remove', path: '/list', at: { index: 3 } }] })
    const late = alice.room.edit.mutate({ room, base, operations: [{ op: 'remove', path: '/list', at: { index: 2 } }] })
    expect(await refusal(late)).toBe('stale-index')
  })

  test('all or nothing: a refused operation names itself, and nothing of the command is done', async () => {
    const room = await shared({ n: 0, list: [{ id: 'x' }] })
    const first = { op: 'increment' as const, path: '/n', by: 1 }
    const cases = [
      ['path-missing', { op: 'delete' as const, path: '/nowhere' }],
      ['test-failed', { op: 'test' as const, path: '/n', value: 7 }],
      ['test-failed', { op: 'compareAndSet' as const, path: '/n', expect: 7, value: 8 }],
      ['duplicate-id', { op: 'append' as const, path: '/list', values: [{ id: 'x' }] }],
      ['out-of-bounds', { op: 'increment' as const, path: '/n', by: 5, max: 3 }],
      ['limit-reached', { op: 'set' as const, path: `/${'k'.repeat(LIMITS.room.keyChars + 1)}`, value: 1 }],
    ] as const
    for (const [rule, operation] of cases) {
      const thrown = await alice.room.edit
        .mutate({ room, operations: [first, operation] })
        .catch((error: unknown) => error)
      expect(['bad-request', rule]).toContain(toFoyerError(thrown).rule)
      if (toFoyerError(thrown).rule === rule) expect(thrown).toMatchObject({ data: { operation: 1 } })
    }
    expect(await alice.room.get.query({ room })).toMatchObject({ version: 2, data: { n: 0 } })
  })

  test('takes a JSON Patch (RFC 6902) and a merge patch (RFC 7396)', async () => {
    const room = await shared({ a: { b: 1, c: 2 }, list: [1, 2] })
    const patch = [
      { op: 'add' as const, path: '/list/-', value: 3 },
      { op: 'move' as const, from: '/a/b', path: '/moved' },
    ]
    const { now } = await alice.room.edit.mutate({
      room,
      operations: [
        { op: 'patch', patch },
        { op: 'mergePatch', path: '/a', patch: { c: null, d: 4 } },
      ],
    })
    expect(now).toMatchObject({ data: { a: { d: 4 }, list: [1, 2, 3], moved: 1 } })
    expect(JSON.stringify(now)).not.toContain('"c"')
  })
})

describe('ids of commands', () => {
  test('idempotency-mismatch: another body, or another user, under the same id', async () => {
    const room = await shared({ n: 0 })
    const id = Bun.randomUUIDv7()
    const edit = (value: number) => ({ room, id, operations: [{ op: 'set' as const, path: '/n', value }] })
    await alice.room.edit.mutate(edit(1))
    expect(await refusal(alice.room.edit.mutate(edit(2)))).toBe('idempotency-mismatch')
    expect(await refusal(bob.room.edit.mutate(edit(1)))).toBe('idempotency-mismatch')
  })

  test('a refused command does not use up its id', async () => {
    const room = await shared({ n: 0 })
    const command = { room, id: Bun.randomUUIDv7() }
    expect(await refusal(carol.room.edit.mutate({ ...command, operations: [] }))).toBe('not-occupant')
    expect(await refusal(carol.room.join.mutate(command))).toBe('ok')
  })

  test('stale-command: older than the retention, or of the future; with the service`s time', async () => {
    const room = await shared()
    const at = (ms: number) =>
      `${ms
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7000-8000-000000000000`
    const old = alice.room.join.mutate({ room, id: at(Date.now() - 48 * 3_600_000) })
    const thrown = await old.catch((error: unknown) => error)
    expect(thrown).toMatchObject({ data: { rule: 'stale-command', now: expect.any(Number) } })
    expect(await refusal(alice.room.join.mutate({ room, id: at(Date.now() + 48 * 3_600_000) }))).toBe('stale-command')
  })
})

describe('who acts', () => {
  test('unauthorized without a token; forbidden to act for another', async () => {
    const room = await shared()
    const nobody = (await import('../../client/connect.ts')).connect({ url: foyer.server.url })
    expect(await refusal(nobody.room.get.query({ room }))).toBe('unauthorized')
    expect(await refusal(bob.room.leave.mutate({ room, as: 'alice' }))).toBe('forbidden')
    expect(await refusal(bob.room.get.query({ room, as: 'bob' }))).toBe('ok')
  })

  test('a service acts for any user, with that user`s rights', async () => {
    const { room } = await backend.room.create.mutate({ as: 'dave', data: {} })
    expect(await refusal(backend.room.kick.mutate({ room, as: 'erin', user: 'dave' }))).toBe('not-owner')
    await backend.room.join.mutate({ room, as: 'erin' })
    const { now } = await backend.room.edit.mutate({
      room,
      as: 'erin',
      operations: [{ op: 'set', path: '/x', value: 1 }],
    })
    expect(now).toMatchObject({ occupants: ['dave', 'erin'], data: { x: 1 } })
  })

  test('a service as itself reads any room and may do what its owner may', async () => {
    const room = await shared()
    expect(await backend.room.get.query({ room })).toMatchObject({ status: 'live', banned: [] })
    expect((await backend.room.kick.mutate({ room, user: 'bob' })).now).toMatchObject({ occupants: ['alice'] })
    expect(await refusal(backend.room.edit.mutate({ room, operations: [] }))).toBe('not-occupant')
    expect((await backend.room.delete.mutate({ room })).now).toMatchObject({ status: 'deleted' })
  })
})

test('room.list: the rooms that a user owns or is in, at once and page by page', async () => {
  const [dora, dan] = await Promise.all([foyer.as('dora'), foyer.as('dan')])
  const mine = await Promise.all(Array.from({ length: 5 }, async () => (await dora.room.create.mutate({})).room))
  const [first = '', second = '', third = ''] = mine.sort()
  await dan.room.join.mutate({ room: first })
  await dan.room.join.mutate({ room: second })
  await dan.room.leave.mutate({ room: second })
  await dora.room.leave.mutate({ room: third })
  expect((await dan.room.list.query({})).rooms.map(({ room }) => room)).toEqual([first])
  const pages: string[] = []
  for (let after: string | undefined, page = 0; page < 9; page++) {
    const { rooms, next } = await dora.room.list.query({ limit: 2, ...(after === undefined ? {} : { after }) })
    pages.push(...rooms.map(({ room }) => room))
    if (next === null) break
    after = next
  }
  expect(pages).toEqual(mine)
  await dora.room.delete.mutate({ room: first })
  expect((await dan.room.list.query({})).rooms).toEqual([])
})
