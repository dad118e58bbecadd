import { answerSchema, type Answer } from '../../../../shared/deck/answers.ts'
import { z } from 'zod'

/** An answer as it was given, in the positions that its player saw. */
const givenSchema = z.object({ round: z.number(), question: z.number(), value: answerSchema })
type Given = z.output<typeof givenSchema>

const keyOf = (room: string, me: string) => `foyer:demo:given:${me}:${room}`

/**
 * The view has an own answer in the card's own positions, and the order that leads from those to what was seen only after the reveal:
 * so this tab remembers what was given, for a reload in the middle of a question.
 */
export function recallGiven(room: string, me: string, at: { round: number; question: number }): Answer | null {
  const text = sessionStorage.getItem(keyOf(room, me))
  if (text === null) return null
  const given = givenSchema.safeParse(parsed(text)).data
  return given?.round === at.round && given.question === at.question ? given.value : null
}

export const keepGiven = (room: string, me: string, given: Given): void =>
  sessionStorage.setItem(keyOf(room, me), JSON.stringify(given))

export const forgetGiven = (room: string, me: string): void => sessionStorage.removeItem(keyOf(room, me))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Whether an answer says the same without knowing in which order its player saw the options. */
export const isPlain = ({ type }: Answer): boolean =>
  type === 'true-false' || type === 'typed' || type === 'slider' || type === 'flash-card' || type === 'info'
