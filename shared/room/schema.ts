import { z } from 'zod'
import { nameSchema } from '../ids.ts'
import type { Json, JsonObject } from '../json.ts'
import { LIMITS } from '../limits.ts'
import { commandIdSchema } from '../log/logged.ts'
import { jsonObjectSchema, jsonSchema, operationsSchema } from './input.ts'

/** A user's id: the integrator's own (seed 2), as in the token's `sub`. */
export const userSchema = nameSchema
const reasonSchema = z.string().max(LIMITS.room.reasonChars).default('')
const versionSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const roomSchema = z.uuid()

const envelope = {
  /** UUIDv7. A repeat of the command under the same id gets the first result; without one nothing tells a repeat. */
  id: commandIdSchema.optional(),
  /** For whom a service acts. A user's own token may leave it out. */
  as: userSchema.optional(),
  /** `room`: the reply has the whole room (seed 2, single commands). `result`: only the command's result, for who streams. */
  reply: z.enum(['room', 'result']).default('room'),
}
const command = { room: roomSchema, ...envelope }

export const createInput = z.object({
  ...envelope,
  data: jsonSchema.default({}),
  capacity: z.number().int().min(1).max(LIMITS.room.occupants).optional(),
  metadata: jsonObjectSchema.default({}),
})
export const roomInput = z.object(command)
export const deleteInput = z.object({ ...command, reason: reasonSchema })
export const memberInput = z.object({ ...command, user: userSchema, reason: reasonSchema })
export const unbanInput = z.object({ ...command, user: userSchema })
export const transferInput = z.object({ ...command, to: userSchema })
export const metadataInput = z.object({ ...command, metadata: jsonObjectSchema })
export const editInput = z.object({
  ...command,
  operations: operationsSchema,
  ifVersion: versionSchema.optional(),
  base: versionSchema.optional(),
})
export const getInput = z.object({ room: roomSchema, as: userSchema.optional() })
export const listInput = z.object({
  as: userSchema.optional(),
  /** `next` of the page before. */
  after: roomSchema.optional(),
  limit: z.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPage),
})
/** One room as a stream. `lastEventId` (tRPC's own) or `after`: the version after which to begin; neither: a snapshot first. */
export const eventsInput = z.object({
  room: roomSchema,
  as: userSchema.optional(),
  after: versionSchema.optional(),
  lastEventId: z.string().nullish(),
  /** Also frames of who is present. */
  presence: z.boolean().default(false),
})
/** Many rooms as one stream, each from its version on (null: a snapshot first). */
export const feedInput = z.object({
  rooms: z
    .record(roomSchema, versionSchema.nullable())
    .refine((rooms) => Object.keys(rooms).length <= LIMITS.room.feedRooms, `has over ${LIMITS.room.feedRooms} rooms`),
  as: userSchema.optional(),
  /** Also frames of who is present. */
  presence: z.boolean().default(false),
})
const connSchema = z.string().regex(/^[\w-]{8,64}$/, 'is 8-64 characters of A-Z a-z 0-9 _ -')
export const presenceInput = z.object({
  room: roomSchema,
  as: userSchema.optional(),
  /** One tab or connection of the user; made by the client. */
  conn: connSchema,
  /** What the others see of it, a cursor for instance; null: it is gone. */
  state: jsonSchema,
})
export const presentInput = z.object({ room: roomSchema, as: userSchema.optional() })

/** A live room as its occupants see it. Times are ms by mongod's clock. */
export interface RoomView {
  status: 'live'
  room: string
  /** Of the newest event; grows by one with each. */
  version: number
  at: number
  createdAt: number
  owner: string
  occupants: readonly string[]
  /** For the owner and a service only. */
  banned?: readonly string[]
  capacity: number
  metadata: JsonObject
  data: Json
}

/** The news of a room's deletion, in place of the room. */
export interface RoomTombstone {
  status: 'deleted'
  room: string
  version: number
  deleted: { at: number; by: string; reason: string }
}
export type RoomNews = RoomView | RoomTombstone

/** What a command's sender hears. */
export interface CommandReply {
  room: string
  /** Of the command's last event. */
  version: number
  /** True: the command had been done before, under the same id, and this is its first result. */
  replayed: boolean
  result: Json
  /** The room now, at least at `version`; null where only the result was wanted, or for who may not read it (any more). */
  now: RoomNews | null
}

/** One piece of a room's stream. JSON texts are forwarded as they are stored, so that every key survives and nothing is done twice. */
export type RoomFrame =
  /**
   * All of the room, instead of whatever came before. `view`: JSON of a RoomNews. `resync`: the events after the version that was
   * asked for are not kept (or that version is none of this room's); `slow`: more waited than may; `deleted`: the tombstone, the
   * last frame of its room.
   */
  | { kind: 'snapshot'; room: string; version: number; why: 'start' | 'resync' | 'slow' | 'deleted'; view: string }
  /** The events `from` to `version`, without a gap. `events`: JSON of a list of `Logged<RoomEvent>`. */
  | { kind: 'events'; room: string; from: number; version: number; events: string }
  /**
   * Who is present, one entry a connection: `state` null is gone, which the service tells as soon as it is not renewed in time. Not
   * part of the log, and not resumed: all of them come at the start (`all`), then what changes, which a mere renewal does not.
   */
  | { kind: 'presence'; room: string; all: boolean; present: readonly Presence[] }
  /** Nothing more of this room: the rule says why. Only in a stream of many rooms; a stream of one ends with the error. */
  | { kind: 'end'; room: string; rule: string }

export interface Presence {
  user: string
  conn: string
  state: Json
  /** When it was shown as this, ms by mongod's clock. */
  at: number
}

export interface RoomListing {
  rooms: readonly Omit<RoomView, 'data' | 'banned' | 'status'>[]
  /** Cursor of the next page, or null. */
  next: string | null
}
