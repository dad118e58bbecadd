import type { z } from 'zod'
import type { FoyerError } from '../errors.ts'
import type { AnyJson, DataSchema, Room, RoomEnd, RoomSnapshot } from '../room/types.ts'

/** The room at one moment, without who is present: a cursor that moves is no reason to render a board. See `usePresence`. */
export type RoomView<T> = Omit<RoomSnapshot<T>, 'presence'>

/** No data yet: the room is asked for, or a seat in it. */
export interface OpeningRoom {
  status: 'opening'
  room: null
}

/** The room is there. It stays `open` while the server is away: `view.state` is `offline` then, and edits wait. */
export interface OpenedRoom<S extends DataSchema = AnyJson> {
  status: 'open'
  /** What edits: `room.set('/title', 'x')`. Render by `data` and `view`, not by what `room` has. */
  room: Room<S>
  /** Own edits included; by the schema. */
  data: z.output<S>
  view: RoomView<z.output<S>>
}

/** The room was open, and is over for this user. */
export interface EndedRoom<S extends DataSchema = AnyJson> {
  status: 'ended'
  /** Takes no edits any more. */
  room: Room<S>
  /** As it was last. */
  data: z.output<S>
  view: RoomView<z.output<S>>
  /** Why it is over. */
  end: RoomEnd
  /** Opens it again, for all components that share it: who was kicked may come back. */
  reopen: () => void
}

/** The room could not be opened. */
export interface FailedRoom {
  status: 'failed'
  room: null
  /** One of `openRoom`'s errors. */
  error: FoyerError
  /** Tries again, for all components that share it. */
  reopen: () => void
}

/** What `useRoom` gives. The same object until something of it changes. */
export type RoomStatus<S extends DataSchema = AnyJson> = OpeningRoom | OpenedRoom<S> | EndedRoom<S> | FailedRoom

export const OPENING: OpeningRoom = { status: 'opening', room: null }
