import { z } from 'zod'
import { idSchema, nameSchema } from '../ids.ts'
import type { Json } from '../json.ts'
import { LIMITS } from '../limits.ts'
import { commandIdSchema } from '../log/logged.ts'
import { answerFields, controlSchema, othersSchema, textFields } from './schema.ts'
import { payloadSchema } from './settings.ts'
import type { QuizKind } from './state.ts'
import type { QuizView } from './view.ts'
import type { QuizChange } from './view-frame.ts'

const as = nameSchema.optional()
const roomSchema = z.uuid()
const envelope = {
  /** UUIDv7. A repeat of the command under the same id gets the first result; without one nothing tells a repeat. */
  id: commandIdSchema.optional(),
  /** For whom a service acts. */
  as,
  /** `room`: the reply has the room as the sender sees it. `result`: only the command's result, for who streams. */
  reply: z.enum(['room', 'result']).default('room'),
}
const command = { room: roomSchema, ...envelope }
/** Where a spawned room came from: who arrives before it was made makes it (room-log.md 13). */
const from = roomSchema.optional()

export const quizInput = z.object(command)
export const joinQuizInput = z.object({ ...command, from })
export const groupInput = z.object({ ...envelope, others: othersSchema, ...textFields })
export const hostInput = z.object({ ...envelope, payload: payloadSchema })
export const hostedInput = z.object({ deck: nameSchema })
export const soloInput = z.object({ ...envelope, payload: payloadSchema })
export const conductorInput = z.object({ ...command, payload: payloadSchema })
export const inviteInput = z.object({ ...command, user: nameSchema })
export const messageInput = z.object({ ...command, ...textFields })
export const answerInput = z.object({ ...command, ...answerFields })
export const controlInput = z.object({ ...command, control: controlSchema })
export const getQuizInput = z.object({ room: roomSchema, as, from })
export const resultsInput = z.object({
  room: roomSchema,
  as,
  /** This one, if it is kept: the newest that has asked something, or the one before it. Without it: the newest, also while it is played. */
  round: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
})
export const listQuizInput = z.object({
  as,
  /** `next` of the page before. */
  after: roomSchema.optional(),
  limit: z.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPage),
})
/** A room as a stream. `lastEventId` (tRPC's own) or `after`: the version that the viewer has; neither: all of the room first. */
export const quizEventsInput = z.object({
  room: roomSchema,
  as,
  from,
  after: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  lastEventId: z.string().nullish(),
})
/** A one-time link: friendship with its maker, and a place in a room where one is named. */
export const linkInput = z.object({ as, room: roomSchema.optional() })
export const acceptLinkInput = z.object({ as, link: idSchema })

/** A room as its viewer sees it, and when that was, ms by mongod's clock: what countdowns are measured by. */
export interface QuizSeen extends QuizView {
  now: number
}

/** What a command's sender hears. */
export interface QuizReply {
  room: string
  /** Of the command's last event. */
  version: number
  /** True: the command had been done before, under the same id, and this is its first result. */
  replayed: boolean
  result: Json
  /** The room now; null where only the result was wanted, or for who may not read it. */
  now: QuizSeen | null
}

/** One piece of a quiz room's stream, made for its viewer. */
export type QuizFrame =
  /** All of the room, in place of whatever came before. `resync`: what came since the version asked for; `slow`: more waited than may. */
  | { kind: 'snapshot'; version: number; why: 'start' | 'resync' | 'slow'; view: QuizSeen }
  /** What happened, in its order; `version`: of the newest (shared/quiz/view-frame.ts folds them). */
  | { kind: 'changes'; version: number; changes: readonly QuizChange[] }
  /** How many have answered the open question, of how many: at most five times a second (room-log.md 17). */
  | { kind: 'counts'; version: number; round: number; question: number; answered: number; of: number }

/** A quiz room in a list. */
export interface QuizListed {
  room: string
  kind: QuizKind
  /** When its newest event was, ms. */
  at: number
  deck: string | null
  owner: string | null
  occupants: readonly string[]
  /** The newest message's text; null: there is none. */
  last: string | null
  /** Whether a quiz is being played, or could be. */
  conductor: boolean
}

export interface QuizListing {
  rooms: readonly QuizListed[]
  /** Cursor of the next page, or null. */
  next: string | null
}
