import { fold } from './foreseen.ts'
import { jsonBytes } from './measure.ts'
import { remembering } from './recent.ts'
import type { RoomEvent, RoomState } from './state.ts'

const NULL_BYTES = 4

/** What a log without its beginning would be folded onto; decide.ts begins each log with room.created. */
const NOTHING: RoomState = {
  room: '',
  seq: 0,
  at: 0,
  createdAt: 0,
  owner: '',
  occupants: [],
  banned: [],
  capacity: 0,
  metadata: {},
  data: null,
  bytes: NULL_BYTES,
  recent: [],
  forgotten: 0,
  deleted: null,
}

/** The room after an event. Total, and no limit is looked at: what was decided folds for ever, on each process to the same JSON. */
export function evolve(state: RoomState | null, event: RoomEvent, seq: number): RoomState {
  return { ...(state ?? NOTHING), ...changeOf(state ?? NOTHING, event, seq), seq, at: event.at }
}

function changeOf(state: RoomState, event: RoomEvent, seq: number): Partial<RoomState> | null {
  switch (event.type) {
    case 'room.created': {
      const { room, at, owner, capacity, metadata, data } = event
      return {
        ...NOTHING,
        room,
        createdAt: at,
        owner,
        occupants: [owner],
        capacity,
        metadata,
        data,
        bytes: jsonBytes(data),
      }
    }
    case 'room.deleted':
      return deleted(event)
    case 'occupant.joined':
      return { occupants: [...state.occupants, event.user] }
    case 'occupant.left':
    case 'occupant.kicked':
      return { occupants: without(state.occupants, event.user) }
    case 'occupant.banned':
      return { occupants: without(state.occupants, event.user), banned: [...state.banned, event.user] }
    case 'occupant.unbanned':
      return { banned: without(state.banned, event.user) }
    case 'owner.changed':
      return { owner: event.to }
    case 'metadata.changed':
      return { metadata: event.metadata }
    case 'data.edited':
      return edited(state, event, seq)
    case 'command.noted':
      return null
  }
}

/** Who was banned stays known: they do not hear of the deletion either. */
const deleted = ({ at, by, reason }: RoomEvent & { type: 'room.deleted' }): Partial<RoomState> => ({
  occupants: [],
  metadata: {},
  data: null,
  bytes: NULL_BYTES,
  recent: [],
  forgotten: 0,
  deleted: { at, by, reason },
})

function edited(
  state: RoomState,
  { operations }: RoomEvent & { type: 'data.edited' },
  seq: number,
): Partial<RoomState> | null {
  const applied = fold(state.data, operations)
  // Operations as applied always apply again; an event that somebody else wrote must not stop the fold.
  if (applied === null) return null
  return { data: applied.data, bytes: state.bytes + applied.bytes, ...remembering(state, seq, operations) }
}

const without = (users: readonly string[], user: string) => users.filter((other) => other !== user)
