import { afterEach } from 'bun:test'
import type { FoyerError } from '../../client/errors.ts'
import type { OpenRoomOptions } from '../../client/room.ts'
import type { AnyJson, DataSchema, Rejected, Room, RoomChange, RoomEnd } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'
import { until } from '../kit/until.ts'
import { FakeLink, FakeServer } from './fake-room.ts'

const open = new Set<Pick<Room, 'close'>>()
afterEach(() => {
  for (const room of open) room.close()
  open.clear()
})

/** A room that is open on a fake server, what it tells, and the way to the server. What is left open is closed after the test. */
export async function opened<S extends DataSchema = AnyJson>(
  from: Json | FakeServer,
  { user = 'alice', ...more }: Partial<OpenRoomOptions<S>> = {},
) {
  const server = from instanceof FakeServer ? from : new FakeServer(from)
  const link = new FakeLink(server, user)
  return { server, link, ...(await openedBy(link, more)) }
}

/** The same, over a link that there is. */
export async function openedBy<S extends DataSchema = AnyJson>(link: FakeLink, more: Partial<OpenRoomOptions<S>> = {}) {
  const room = await link.server.open<S>(link, more)
  open.add(room)
  const changes: RoomChange<unknown>[] = []
  const rejected: Rejected[] = []
  const ends: RoomEnd[] = []
  const errors: FoyerError[] = []
  room.on('change', (change) => void changes.push(change))
  room.on('rejected', (one) => void rejected.push(one))
  room.on('ended', (end) => void ends.push(end))
  room.on('error', (error) => void errors.push(error))
  return { room, changes, rejected, ends, errors }
}

/** Edit commands as they came to the server, repeats included. */
export const editsAt = (server: FakeServer) => server.calls.filter(({ path }) => path === 'edit')
/** Whether the server has done that many edits of a user. */
export const edited = (server: FakeServer, by: string) =>
  server.log.filter((event) => event.type === 'data.edited' && event.by === by)

/** The client's next edit command has come to the server. */
export const sent = async (server: FakeServer, count = 1) =>
  until(() => editsAt(server).length >= count, { what: 'an edit is on its way' })
