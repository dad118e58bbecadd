import { roomDecider } from '../../shared/room/decider.ts'
import type { Actor, RoomEvent, RoomState } from '../../shared/room/state.ts'
import { endsStream, mayRead } from '../../shared/room/view.ts'
import type { Rule } from '../../shared/rules.ts'
import { eventsOf } from './fold.ts'
import type { Landed } from './room.ts'

/** From which version on a viewer hears nothing more of a room, and why; `room-gone`: it was deleted. */
export interface Departure {
  rule: Rule
  /** The event that ended it, which is still delivered. */
  upTo: number
}

/** Why a viewer may not read a room as it is, or null. Deletion is told apart: whoever could read it hears of it. */
export const refusalOf = (state: RoomState, viewer: Actor): Rule | null =>
  state.deleted === null ? mayRead(state, viewer) : 'room-gone'

/**
 * The event of a document after which a viewer may not read the room any more, or null (room-log.md 17). `before` is the state
 * that the document was folded into. Only documents that name the viewer or delete the room are looked into.
 */
export function departureIn({ doc, state }: Landed<RoomState>, before: RoomState, viewer: Actor): Departure | null {
  const isConcerned = state.deleted !== null || (!viewer.service && doc.users?.includes(viewer.user) === true)
  if (!isConcerned) return null
  let at = before
  let seq = doc.seq
  for (const event of eventsOf<RoomEvent>(doc)) {
    at = roomDecider.evolve(at, event, seq)
    const rule = endsStream(event, viewer, at)
    if (rule !== null) return { rule, upTo: seq }
    seq++
  }
  return null
}
