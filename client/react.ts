/**
 * React hooks over Foyer's shared-data rooms, for React 18 and later. The user's list of rooms is in `foyer/react-query`.
 *
 * - `useRoom`: opens a room for as long as components use it; what it is now, typed by the schema of its data.
 * - `usePresence`: who is present in it, and what this connection shows.
 * @module
 */
export {
  type EndedRoom,
  type FailedRoom,
  type OpenedRoom,
  type OpeningRoom,
  type RoomStatus,
  type RoomView,
} from './react/status.ts'
export {
  type PresenceSchema,
  type Present,
  type PresentRoom,
  type RoomPresence,
  usePresence,
  type UsePresenceOptions,
} from './react/use-presence.ts'
export { useRoom, type UseRoomOptions } from './react/use-room.ts'
