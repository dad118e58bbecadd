import type { Json, JsonObject } from '../json.ts'
import type { Operation } from './operations.ts'

export type { Actor } from '../log/decider.ts'

/** A shared-data room (seed 2) as folded from its log: plain JSON, so that a snapshot is its text. */
export interface RoomState {
  room: string
  /** Of the newest event; also what clients call the room's version. */
  seq: number
  /** When the newest event was, ms by mongod's clock. */
  at: number
  createdAt: number
  owner: string
  /** In the order of arrival. */
  occupants: readonly string[]
  banned: readonly string[]
  /** How many occupants there may be. */
  capacity: number
  metadata: JsonObject
  data: Json
  /** Of the data's JSON text, UTF-8. */
  bytes: number
  /** The newest edits, oldest first, for operations by index that were made on an older version; LIMITS.rebaseEdits at most (recent.ts). */
  recent: readonly RecentEdit[]
  /** The seq of the newest edit that fell out of `recent`; 0: none did. */
  forgotten: number
  /** The tombstone; the data is null then and nobody is in the room. */
  deleted: { at: number; by: string; reason: string } | null
}

/** What an edit did to the meaning of indices: its operations as applied, without those, and without values, that do not matter to it. */
export interface RecentEdit {
  seq: number
  operations: readonly Operation[]
}

/** What every event has: who did it, by which command, and when (ms, mongod's clock, never before the event before it). */
interface Stamp {
  at: number
  by: string
}

/** What happened in a room, in its log's order. */
export type RoomEvent = Stamp &
  (
    | { type: 'room.created'; room: string; owner: string; capacity: number; metadata: JsonObject; data: Json }
    | { type: 'room.deleted'; reason: string }
    | { type: 'occupant.joined'; user: string }
    | { type: 'occupant.left'; user: string }
    | { type: 'occupant.kicked'; user: string; reason: string }
    | { type: 'occupant.banned'; user: string; reason: string }
    | { type: 'occupant.unbanned'; user: string }
    | { type: 'owner.changed'; from: string; to: string }
    | { type: 'metadata.changed'; metadata: JsonObject }
    /** Operations as they were applied: by the indices that held then. */
    | { type: 'data.edited'; operations: readonly Operation[] }
    /** An accepted command that changed nothing (a second join): its id is used up. */
    | { type: 'command.noted' }
  )

/** What somebody wants of a room. */
export type RoomCommand =
  /** `room`: its id, made by the service (room-log.md 9). */
  | { type: 'create'; room: string; capacity: number; metadata: JsonObject; data: Json }
  | { type: 'delete'; reason: string }
  | { type: 'join' }
  | { type: 'leave' }
  | { type: 'kick'; user: string; reason: string }
  | { type: 'ban'; user: string; reason: string }
  | { type: 'unban'; user: string }
  | { type: 'transfer'; to: string }
  | { type: 'setMetadata'; metadata: JsonObject }
  | {
      type: 'edit'
      operations: readonly Operation[]
      /** Only if the room is at this version, else version-conflict. */
      ifVersion?: number | undefined
      /** The version that the sender had seen: operations by index are rebased from there. Absent: as if it were the newest. */
      base?: number | undefined
    }
  /** The worker's: closes the room if its newest event is not after `idleSince` (ms), else refused with version-conflict. */
  | { type: 'expire'; idleSince: number }
