import { useEffect, useState, useSyncExternalStore } from 'react'
import type { OpenRoomOptions } from '../room.ts'
import type { AnyJson, DataSchema } from '../room/types.ts'
import { findShared, isSamePlace, takeShared } from './registry.ts'
import type { SharedRoom } from './shared.ts'
import { OPENING, type RoomStatus } from './status.ts'

/** As of `openRoom`, but for its `signal`: the component's life is what opens and closes the room. */
export type UseRoomOptions<S extends DataSchema = AnyJson> = OpenRoomOptions<S> & { signal?: undefined }

/**
 * Opens a room when the component mounts, and closes it when the last component that uses it is gone. Components of one page share
 * it (one stream, one queue of edits) when they give the same `room`, `url` or `client`, `token`, `user`, `join`, `presence`,
 * `queue.max`, `schema` and `store`: functions and objects that are the very same, so make them outside of components.
 *
 * Another room, server, user or text as token opens anew. A `schema`, `store` or token function that is made at each render does
 * not: the first schema and store stay, and of the functions the newest is asked. On a server it is `opening`.
 */
export function useRoom<S extends DataSchema = AnyJson>(options: UseRoomOptions<S>): RoomStatus<S> {
  const [held, hold] = useState(() => lookOf(options))
  const isSame = isSamePlace(held.options, options)
  const look = isSame ? held : lookOf(options)
  if (!isSame) hold(look)
  const { token } = options
  const status = useSyncExternalStore(look.subscribe, look.read, opening)
  // After the subscription of the same render, which React makes in the order of the calls.
  useEffect(() => look.renew(token), [look, token])
  return status
}

const opening = () => OPENING

/** What one component sees of the room that it may share with others; nothing is opened before it is subscribed to. */
function lookOf<S extends DataSchema>(options: OpenRoomOptions<S>) {
  let taken: SharedRoom<S> | null = null
  return {
    options,
    subscribe: (listener: () => void): (() => void) => {
      taken = takeShared(options)
      return taken.subscribe(listener)
    },
    read: (): RoomStatus<S> => (taken ?? findShared(options))?.status ?? OPENING,
    renew: (token: OpenRoomOptions<S>['token']): void => taken?.renew(token),
  }
}
