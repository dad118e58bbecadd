import type { RoomEvent, RoomState } from '../../shared/room/state.ts'

/** The fields of a shared-data room's snapshot that queries need. */
export const summaryOf = (state: RoomState) => ({
  kind: 'data',
  at: state.at,
  users: [...new Set([state.owner, ...state.occupants])],
  deleted: state.deleted !== null,
})

/** Whose list of rooms an event changes. */
export function usersOf(event: RoomEvent): readonly string[] {
  switch (event.type) {
    case 'room.created':
      return [event.owner]
    case 'owner.changed':
      return [event.from, event.to]
    case 'occupant.joined':
    case 'occupant.left':
    case 'occupant.kicked':
    case 'occupant.banned':
      return [event.user]
    default:
      return []
  }
}
