import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { userSchema } from '../room/schema.ts'

const as = userSchema.optional()
const cursorSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** What a notification is about; `room.invited`: may join, `room.added`: is an occupant already. `from`: the user who did it. */
export type NotificationKind = 'friend.requested' | 'friend.accepted' | 'room.invited' | 'room.added'

/** Something that its user is to hear of at once, and finds again later (seed 4). */
export interface Notification {
  id: string
  /** Its place among the user's: only grows, with gaps. */
  cursor: number
  at: number
  kind: NotificationKind
  from: string
  /** The room that it leads to. */
  room?: string | undefined
  /** When it was marked as read; null: not yet. */
  readAt: number | null
}

/** Newest first. `next`: `before` of the next page; null: there is none. `unread`: of all, counted up to LIMITS.unreadShown. */
export interface Inbox {
  notifications: readonly Notification[]
  unread: number
  next: number | null
}

export const inboxInput = z.object({
  as,
  before: cursorSchema.optional(),
  limit: z.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPage),
})
/** `ids`: these; `upTo`: all up to this cursor. */
export const readInput = z.object({
  as,
  ids: z
    .array(z.string().max(4 * LIMITS.nameChars))
    .max(LIMITS.listPage)
    .default([]),
  upTo: cursorSchema.optional(),
})
/** `lastEventId` (tRPC's own) or `after`: the cursor after which to begin; neither: only what comes from now on. */
export const inboxEventsInput = z.object({ as, after: cursorSchema.optional(), lastEventId: z.string().nullish() })
