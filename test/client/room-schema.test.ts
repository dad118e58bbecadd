import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { until } from '../kit/until.ts'
import { FakeLink, FakeServer } from './fake-room.ts'
import { editsAt, opened, openedBy } from './opened-room.ts'

const board = z.object({
  title: z.string().max(10),
  due: z.iso.datetime().transform((text) => new Date(text)),
  color: z.string().default('white'),
})
const DATA = { title: 'board', due: '2030-01-01T00:00:00.000Z' }

describe('with a schema', () => {
  test('data is what it makes of them, the same object until they change', async () => {
    const { room, server } = await opened(DATA, { schema: board })
    expect(room.data).toEqual({ title: 'board', due: new Date(DATA.due), color: 'white' })
    const { data } = room
    expect(room.data).toBe(data)
    await room.set('/due', '2031-01-01T00:00:00.000Z')
    expect(room.data.due.getUTCFullYear()).toBe(2031)
    expect(server.state.data).toEqual({ title: 'board', due: '2031-01-01T00:00:00.000Z' })
  })

  test('an own edit that would not fit is refused, does not show and is not sent', async () => {
    const { room, server, changes, rejected } = await opened(DATA, { schema: board })
    room.set('/title', 'fits')
    await expect(room.set('/title', 'far too long a title')).rejects.toMatchObject({
      rule: 'unfit-data',
      details: { issues: { title: [expect.any(String)] } },
    })
    expect(room.data.title).toBe('fits')
    expect(rejected).toMatchObject([{ error: { rule: 'unfit-data' } }])
    await room.settled()
    expect(editsAt(server).map(({ input }) => input.operations)).toEqual([
      [{ op: 'set', path: '/title', value: 'fits' }],
    ])
    expect(changes.map(({ cause }) => cause)).toEqual(['edit', 'events'])
    expect([room.canUndo, await room.undo(), room.data.title]).toEqual([true, true, 'board'])
  })

  test('the last data that did fit stay while others make them unfit, and it is told once', async () => {
    const { room, server, errors, changes } = await opened(DATA, { schema: board })
    const { data } = room
    server.edit('alice', { op: 'set', path: '/title', value: 5 })
    await until(() => room.version === 3, { what: 'theirs comes' })
    server.edit('alice', { op: 'set', path: '/title', value: 6 })
    await until(() => room.version === 4, { what: 'theirs comes' })
    expect(room.data).toBe(data)
    expect([room.error?.rule, errors.map(({ rule }) => rule)]).toEqual(['unfit-data', ['unfit-data', 'unfit-data']])
    // To mend it is not refused.
    await room.set('/title', 'mended')
    expect([room.data.title, room.error]).toEqual(['mended', null])
    expect(changes.at(-1)).toMatchObject({ data: { title: 'mended' } })
  })

  test('a room whose data do not fit is not opened', async () => {
    const server = new FakeServer({ title: 5 })
    await expect(openedBy(new FakeLink(server, 'alice'), { schema: board })).rejects.toMatchObject({
      rule: 'unfit-data',
    })
    expect(server.readers).toBe(0)
  })

  test('a schema that throws is as one that does not fit', async () => {
    const angry = z.object({}).transform(() => {
      throw new Error('no')
    })
    const opening = openedBy(new FakeLink(new FakeServer({}), 'alice'), { schema: angry })
    await expect(opening).rejects.toMatchObject({ rule: 'unfit-data', cause: { message: 'no' } })
  })
})

describe('the snapshot', () => {
  test('is the same object until something changes, and tells of each change', async () => {
    const { room, server } = await opened({ n: 0 })
    const { snapshot } = room
    expect(room.snapshot).toBe(snapshot)
    let times = 0
    const forget = room.subscribe(() => times++)
    room.increment('/n', 1)
    expect(room.snapshot).not.toBe(snapshot)
    expect(snapshot.data).toEqual({ n: 0 })
    expect(room.snapshot).toMatchObject({ data: { n: 1 }, pending: 1, canUndo: true, state: 'online' })
    await room.settled()
    forget()
    const before = times
    server.edit('alice', { op: 'set', path: '/n', value: 5 })
    await until(() => room.version === 4, { what: 'theirs comes' })
    expect(times).toBe(before)
  })

  test('has what else there is of the room', async () => {
    const { room, server } = await opened({ n: 0 })
    server.run('bob', { type: 'join' })
    server.run('alice', { type: 'setMetadata', metadata: { name: 'board' } })
    server.run('alice', { type: 'transfer', to: 'bob' })
    await until(() => room.version === 5, { what: 'theirs comes' })
    expect(room.snapshot).toMatchObject({
      owner: 'bob',
      occupants: ['alice', 'bob'],
      metadata: { name: 'board' },
      capacity: 10,
    })
  })
})
