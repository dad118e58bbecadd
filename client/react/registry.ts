import type { OpenRoomOptions } from '../room.ts'
import type { DataSchema } from '../room/types.ts'
import { shareRoom, type SharedRoom } from './shared.ts'

type Options = OpenRoomOptions<DataSchema>

const shared = new Set<SharedRoom<DataSchema>>()

const textOf = (token: Options['token']) => (typeof token === 'function' ? 'function' : token)

/** What says which room it is, and for whom: another of these is another room to open. */
const placeOf = ({ room, url, client, user, join = true, presence = true, queue, token }: Options) =>
  [room, url, client, user, join, presence, queue?.max, textOf(token)] as const

/** Whether a component that was rendered again means the same open room. What it made anew in its body does not count. */
export function isSamePlace<S extends DataSchema>(a: OpenRoomOptions<S>, b: OpenRoomOptions<S>): boolean {
  const other = placeOf(b)
  return placeOf(a).every((value, at) => Object.is(value, other[at]))
}

const isSame = (a: Options, b: Options): boolean =>
  isSamePlace(a, b) && a.token === b.token && a.schema === b.schema && a.store === b.store

/** The open room of these options, if there is one. */
export function findShared<S extends DataSchema>(options: OpenRoomOptions<S>): SharedRoom<S> | undefined {
  const found = [...shared].find((one) => isSame(one.options, options))
  // edge: it has the very same schema, which S is the type of
  return found as SharedRoom<S> | undefined
}

/** The one open room of these options, made if there is none. Who takes it subscribes at once. */
export function takeShared<S extends DataSchema>(options: OpenRoomOptions<S>): SharedRoom<S> {
  const known = findShared(options)
  if (known !== undefined) return known
  const forget = () => void shared.delete(kept)
  const made = shareRoom(options, forget)
  // edge: as above; only who has the same schema gets it
  const kept = made as unknown as SharedRoom<DataSchema>
  shared.add(kept)
  return made
}
