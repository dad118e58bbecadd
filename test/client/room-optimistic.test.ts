import { afterEach, describe, expect, test } from 'bun:test'
import type { Rejected, RoomChange } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import type { Room } from '../../client/room/types.ts'
import { until } from '../kit/until.ts'
import { FakeLink, FakeServer } from './fake-room.ts'

const open: Pick<Room, 'close'>[] = []
afterEach(() => {
  for (const room of open.splice(0)) room.close()
})

const opened = async (data: Json, user = 'alice') => {
  const server = new FakeServer(data)
  const link = new FakeLink(server, user)
  const room = await server.open(link)
  open.push(room)
  const changes: RoomChange<Json>[] = []
  const rejected: Rejected[] = []
  room.on('change', (change) => void changes.push(change))
  room.on('rejected', (one) => void rejected.push(one))
  return { server, link, room, changes, rejected }
}
const edit = (server: FakeServer, user: string, operations: Parameters<Room['edit']>[0]) =>
  server.run(user, { type: 'edit', operations })

describe('an own edit', () => {
  test('shows at once, is told as ours and pending, and again when the log has it', async () => {
    const { room, changes } = await opened({ n: 1 })
    const done = room.increment('/n', 2)
    expect(room.data).toEqual({ n: 3 })
    expect(changes).toMatchObject([
      { cause: 'edit', data: { n: 3 }, events: [{ own: true, pending: true, by: 'alice' }] },
    ])
    expect(await done).toEqual({ version: 3, replayed: false, values: [3] })
    await until(() => room.version === 3, { what: 'the event comes' })
    expect(changes[1]).toMatchObject({ cause: 'events', version: 3, events: [{ own: true, pending: false }] })
    expect(room.data).toEqual({ n: 3 })
  })

  test('that cannot be is refused at once, and nothing is sent', async () => {
    const { room, server, rejected } = await opened({ n: 1 })
    await expect(room.append('/n', 1)).rejects.toMatchObject({ rule: 'path-missing', details: { operation: 0 } })
    expect(rejected).toMatchObject([{ error: { rule: 'path-missing' }, operations: [{ op: 'append' }] }])
    expect(server.calls.filter(({ path }) => path === 'edit')).toEqual([])
  })

  test('that the server refuses is taken back, and those after it stand without it', async () => {
    const { room, server, link, rejected } = await opened({ list: ['a', 'b'], lock: 'free' })
    link.isHeld = true
    const letReplies = link.holdReplies()
    edit(server, 'alice', [{ op: 'set', path: '/lock', value: 'taken' }])
    const lost = room.edit([
      { op: 'test', path: '/lock', value: 'free' },
      { op: 'insert', path: '/list', at: { index: 0 }, value: 'x' },
    ])
    await until(() => server.calls.some(({ path }) => path === 'edit'), { what: 'it is on its way' })
    const kept = room.replace('/list', 1, 'A')
    expect(room.data).toEqual({ list: ['x', 'A', 'b'], lock: 'free' })
    letReplies()
    await expect(lost).rejects.toMatchObject({ rule: 'test-failed' })
    expect(room.data).toEqual({ list: ['A', 'b'], lock: 'free' })
    link.release()
    await kept
    await room.settled()
    expect(room.data).toEqual({ list: ['A', 'b'], lock: 'taken' })
    expect(server.state.data).toEqual(room.data)
    expect(rejected).toHaveLength(1)
  })
})
