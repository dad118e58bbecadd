/**
 * Foyer's client: browsers, and Bun with an RTCPeerConnection of your choice.
 *
 * - `connect`: the typed tRPC client of the whole service.
 * - `meet`: two who know a room's name get a data channel (mailbox rooms).
 * - `hostSession`, `joinSession`: a host opens a session, clients join it by name (hosted sessions).
 * - `openRoom`, `createRoom`: data that several users edit at once, shown at once (shared-data rooms). React: `foyer/react`.
 * - `openQuiz`, `followQuiz`: quiz rooms, and where their occupants go. `watchNotifications`: what a user is to hear of at once.
 * - `connectRooms`: an integrator's backend in any number of rooms, on one connection.
 *
 * Every failure is a `FoyerError` with the name of its rule.
 * @module
 */
export {
  type CallContext,
  type ConnectOptions,
  connect,
  type Fetch,
  type FoyerClient,
  type ServerOption,
} from './connect.ts'
export { FoyerError, type FoyerErrorDetails, type FoyerRule, toFoyerError } from './errors.ts'
export {
  type JoinEvents,
  type JoinedSession,
  type JoinOptions,
  type JoinProgress,
  type JoinState,
  joinSession,
} from './guest.ts'
export type { HostEvents, HostedPeer, JoinRequest, LeaveReason } from './guests.ts'
export { type HostedSession, type HostOptions, hostSession } from './host.ts'
export { iceSource } from './ice.ts'
export { type Meeting, type MeetOptions, type MeetProgress, type MeetState, meet } from './mailbox.ts'
export { watchNotifications, type WatchOptions } from './notifications.ts'
export { openQuiz } from './quiz.ts'
export type { QuizServer } from './quiz/calls.ts'
export {
  type EndedQuiz,
  type FailedQuiz,
  type FollowedQuiz,
  followQuiz,
  type FollowQuizOptions,
  type OpenedQuiz,
  type OpeningQuiz,
  type QuizStatus,
} from './quiz/followed.ts'
export type { OpenQuizOptions } from './quiz/open.ts'
export type {
  Quiz,
  QuizAnswered,
  QuizCommands,
  QuizCounts,
  QuizEnd,
  QuizEvents,
  QuizMove,
  QuizPayloadInput,
  QuizSnapshot,
  QuizStateName,
} from './quiz/types.ts'
export { newKey } from './random.ts'
export { backoffMs, type RetryOptions, retry } from './retry.ts'
export { createRoom, type CreateRoomOptions, openRoom, type OpenRoomOptions, type RoomServer } from './room.ts'
export { connectRooms, type RoomsOptions } from './rooms.ts'
export type {
  CommandDone,
  CommandOptions,
  FollowedEvents,
  FollowedPresence,
  FollowedSnapshot,
  FollowEnd,
  NewRoom,
  NumberedEvent,
  RoomCommands,
  RoomEditOptions,
  Rooms,
  RoomsEvents,
  RoomVersions,
} from './rooms/types.ts'
export type { At, Bounds, Edits } from './room/edits.ts'
export type { EditReply } from './room/part.ts'
export type {
  AnyJson,
  DataSchema,
  Rejected,
  Room,
  RoomChange,
  RoomEnd,
  RoomEvents,
  RoomSnapshot,
  RoomStateName,
  SeenEvent,
  Transaction,
  TransactOptions,
} from './room/types.ts'
export type { ChannelLike, IceServer, PeerClass, PeerLike, PeerOptions } from './rtc.ts'
export type { FeedState, Json, SecretStore, SessionOptions } from './session.ts'
export type { Health } from './watch.ts'
export type { JsonObject, Json as RoomJson } from '../shared/json.ts'
export type { Operation, PatchOperation } from '../shared/room/operations.ts'
export type { Inbox, Notification, NotificationKind } from '../shared/notification/schema.ts'
export type { Control } from '../shared/quiz/controls.ts'
export type { QuizView } from '../shared/quiz/view.ts'
export type { GameView, KeyView, MineView, QuestionView } from '../shared/quiz/view-game.ts'
export type { QuizListed, QuizListing, QuizReply } from '../shared/quiz/wire.ts'
export type { Presence, RoomListing, RoomNews, RoomTombstone, RoomView } from '../shared/room/schema.ts'
export type { RoomEvent } from '../shared/room/state.ts'
