import { afterEach } from 'bun:test'
import { connect, type ConnectOptions, type FoyerClient } from '../../client/connect.ts'
import { type CreateRoomOptions, createRoom, openRoom, type OpenRoomOptions } from '../../client/room.ts'
import type { AnyJson, DataSchema, Room } from '../../client/room/types.ts'
import { tokenOf, type TokenOptions } from './tokens.ts'

/** Where and as whom, and how. `as`: for whom a service's token opens it. */
export type Who = {
  url: string
  user: string
  token?: TokenOptions
  as?: string
  transport?: ConnectOptions['transport']
}
type More<O> = Partial<Omit<O, 'url' | 'client' | 'token' | 'user' | 'room'>>

const left = new Set<Pick<Room<DataSchema>, 'close'>>()
afterEach(() => {
  for (const room of left) room.close()
  left.clear()
})

/** A client of a user, over HTTP unless it says otherwise. */
export const clientOf = async ({ url, user, token, transport = 'http' }: Who): Promise<FoyerClient> =>
  connect({ url, token: await tokenOf(user, token), transport })

/** Opens a room as a user; what is left open is closed after the test. */
export async function openAs<S extends DataSchema = AnyJson>(
  who: Who,
  room: string,
  more: More<OpenRoomOptions<S>> = {},
): Promise<Room<S>> {
  const opened = await openRoom<S>({ client: await clientOf(who), user: who.as, room, ...more })
  left.add(opened)
  return opened
}

/** Makes a room as a user, and opens it. */
export async function createAs<S extends DataSchema = AnyJson>(
  who: Who,
  more: More<CreateRoomOptions<S>> = {},
): Promise<Room<S>> {
  const opened = await createRoom<S>({ client: await clientOf(who), user: who.as, ...more })
  left.add(opened)
  return opened
}
