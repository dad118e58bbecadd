/**
 * Foyer's client: browsers, and Bun with an RTCPeerConnection of your choice.
 *
 * - `connect`: the typed tRPC client of the whole service.
 * - `meet`: two who know a room's name get a data channel (mailbox rooms).
 * - `hostSession`, `joinSession`: a host opens a session, clients join it by name (hosted sessions).
 * - `openRoom`, `createRoom`: data that several users edit at once, shown at once (shared-data rooms). React: `foyer/react`.
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
export type { Presence, RoomListing, RoomNews, RoomTombstone, RoomView } from '../shared/room/schema.ts'
export type { RoomEvent } from '../shared/room/state.ts'
