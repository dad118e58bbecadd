/**
 * React hooks over Foyer's rooms, for React 18 and later. The user's list of rooms is in `foyer/react-query`.
 *
 * - `useRoom`: opens a room for as long as components use it; what it is now, typed by the schema of its data.
 * - `usePresence`: who is present in it, and what this connection shows.
 * - `useQuiz`: opens a quiz room likewise, and goes where its occupants go.
 * - `useNotifications`: the user's inbox, as it fills.
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
export type { InboxStatus } from './react/inbox.ts'
export type { UsedQuiz } from './react/shared-quiz.ts'
export { type Notifications, useNotifications } from './react/use-notifications.ts'
export {
  type PresenceSchema,
  type Present,
  type PresentRoom,
  type RoomPresence,
  usePresence,
  type UsePresenceOptions,
} from './react/use-presence.ts'
export { useQuiz } from './react/use-quiz.ts'
export { useRoom, type UseRoomOptions } from './react/use-room.ts'
