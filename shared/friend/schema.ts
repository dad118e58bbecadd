import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { userSchema } from '../room/schema.ts'
import type { FriendStatus } from './pair.ts'

const as = userSchema.optional()

/** `as`: for whom a service acts. */
export const friendInput = z.object({ user: userSchema, as })
export const friendListInput = z.object({
  as,
  /** Only these; none given: all. */
  status: z.enum(['friends', 'requested', 'incoming', 'blocked']).optional(),
  /** `next` of the page before. */
  after: z
    .string()
    .max(4 * LIMITS.nameChars)
    .optional(),
  limit: z.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPage),
})

/** Another user, as this one stands to them. `requested`: we asked; `incoming`: they did. `since`: of this status, ms. */
export interface Friend {
  user: string
  status: FriendStatus
  since: number
}

/** `next`: where the next page begins; null: there is none. */
export interface FriendList {
  friends: readonly Friend[]
  next: string | null
}
