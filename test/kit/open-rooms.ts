import { afterEach } from 'bun:test'
import { type CreateRoomOptions, createRoom, openRoom, type OpenRoomOptions } from '../../client/room.ts'
import type { AnyJson, DataSchema, Room } from '../../client/room/types.ts'
import { tokenOf, type TokenOptions } from './tokens.ts'

/** Where and as whom, and how. */
type Who = { url: string; user: string; token?: TokenOptions }
type More<O> = Partial<Omit<O, 'url' | 'client' | 'token' | 'user' | 'room'>>

const left = new Set<Pick<Room<DataSchema>, 'close'>>()
afterEach(() => {
  for (const room of left) room.close()
  left.clear()
})

/** Opens a room as a user; what is left open is closed after the test. */
export async function openAs<S extends DataSchema = AnyJson>(
  { url, user, token }: Who,
  room: string,
  more: More<OpenRoomOptions<S>> = {},
): Promise<Room<S>> {
  const opened = await openRoom<S>({ url, token: await tokenOf(user, token), room, ...more })
  left.add(opened)
  return opened
}

/** Makes a room as a user, and opens it. */
export async function createAs<S extends DataSchema = AnyJson>(
  { url, user, token }: Who,
  more: More<CreateRoomOptions<S>> = {},
): Promise<Room<S>> {
  const opened = await createRoom<S>({ url, token: await tokenOf(user, token), ...more })
  left.add(opened)
  return opened
}
