import { z } from 'zod'
import { answerSchema } from '../deck/answers.ts'
import { nameSchema } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { jsonSchema } from '../room/input.ts'
import type { Control } from './controls.ts'
import { payloadSchema } from './settings.ts'

const { quiz, deck } = LIMITS
const roundSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER)
/** From 0. */
const questionSchema = z.int().min(0).max(quiz.questions)
const which = { round: roundSchema, question: questionSchema }
const HOUR_MS = 3_600_000

/** What a user says: a text, and what kind of quiz they would like, if that is what it is about. */
export const textFields = {
  text: z.string().min(1).max(quiz.messageChars),
  proposal: jsonSchema.default(null),
}

/** With whom a group room is requested; the decider refuses the actor among them, and anybody twice. */
export const othersSchema = z.array(nameSchema).max(quiz.groupOccupants - 1)

/** An answer as its player sends it: in the positions that they saw. When it came is the service's to say. */
export const answerFields = { ...which, value: answerSchema }

/** A host's command to the quizconductor. */
export const controlSchema: z.ZodType<Control> = z.discriminatedUnion('name', [
  z.object({ name: z.literal('start'), round: roundSchema }),
  z.object({ name: z.literal('skip'), ...which }),
  z.object({ name: z.literal('next'), ...which }),
  z.object({ name: z.literal('pause') }),
  z.object({ name: z.literal('resume') }),
  z.object({ name: z.literal('extend'), ...which, ms: z.int().min(1).max(HOUR_MS) }),
  z.object({ name: z.literal('end'), round: roundSchema }),
  z.object({ name: z.literal('accept'), ...which, value: z.string().min(1).max(deck.answerChars) }),
  z.object({ name: z.literal('kick'), user: nameSchema }),
  z.object({ name: z.literal('configure'), payload: payloadSchema }),
])
