import type { Actor } from '../log/decider.ts'
import type { Rule } from '../rules.ts'
import { governs } from './decision.ts'
import type { RoomListing, RoomNews } from './schema.ts'
import type { RoomEvent, RoomState } from './state.ts'

/** The room as a viewer who may read it sees it, or the news of its deletion. Bans are for the owner and a service. */
export function newsOf(state: RoomState, viewer: Actor): RoomNews {
  const { room, seq, deleted } = state
  if (deleted !== null) return { status: 'deleted', room, version: seq, deleted }
  const view = { status: 'live' as const, ...listingOf(state), data: state.data }
  return governs(state, viewer) ? { ...view, banned: state.banned } : view
}

/**
 * The rule that keeps a viewer from reading a room, or null: occupants, the owner and services read. Nobody is in a deleted room
 * any more, so whoever knows its id hears of its deletion, but for whom it had banned.
 */
export function mayRead(state: RoomState, viewer: Actor): Extract<Rule, 'banned' | 'not-occupant'> | null {
  if (governs(state, viewer)) return null
  if (state.banned.includes(viewer.user)) return 'banned'
  return state.deleted !== null || state.occupants.includes(viewer.user) ? null : 'not-occupant'
}

/** A live room's entry in a list of rooms. */
export const listingOf = (state: RoomState): RoomListing['rooms'][number] => ({
  room: state.room,
  version: state.seq,
  at: state.at,
  createdAt: state.createdAt,
  owner: state.owner,
  occupants: state.occupants,
  capacity: state.capacity,
  metadata: state.metadata,
})

/**
 * The rule that ends a viewer's stream with this event, or null; the event itself is the last that they may see. `state` is the
 * room right after it. The owner reads without a seat: leaving does not end their stream, losing the room afterwards does.
 */
export function endsStream(event: RoomEvent, viewer: Actor, state: RoomState): Rule | null {
  switch (event.type) {
    case 'room.deleted':
      return 'room-gone'
    case 'occupant.left':
    case 'occupant.kicked':
    case 'occupant.banned':
      return event.user === viewer.user ? mayRead(state, viewer) : null
    case 'owner.changed':
      return event.from === viewer.user ? mayRead(state, viewer) : null
    default:
      return null
  }
}
