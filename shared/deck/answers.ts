import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { RuleError } from '../rules.ts'
import type { CardBody } from './cards.ts'
import { isDistinct } from './text.ts'

const { deck } = LIMITS
/** A position, from 0. Players send positions of what they see; `unshuffled` makes them the card's own. */
const positionSchema = z
  .int()
  .min(0)
  .max(deck.options - 1)
const positionsSchema = z.array(positionSchema).max(deck.options - 1)

/** How well a player says to have known a flash card: the four ratings of spaced repetition. */
export const selfGradeSchema = z.enum(['again', 'hard', 'good', 'easy'])

/** An answer; its `type` is its card's. An info page is answered by going on. */
export const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('single'), choice: positionSchema }),
  z.object({ type: z.literal('multiple'), choices: positionsSchema.refine(isDistinct, 'has a choice twice') }),
  z.object({ type: z.literal('true-false'), choice: z.boolean() }),
  z.object({ type: z.literal('typed'), text: z.string().max(deck.answerChars) }),
  z.object({ type: z.literal('ordering'), order: positionsSchema.refine(isDistinct, 'has a position twice') }),
  z.object({ type: z.literal('slider'), value: z.number().min(-deck.sliderBound).max(deck.sliderBound) }),
  z.object({ type: z.literal('poll'), choice: positionSchema }),
  z.object({ type: z.literal('flash-card'), grade: selfGradeSchema }),
  z.object({ type: z.literal('info') }),
])

export type Answer = z.output<typeof answerSchema>

const isPosition = (at: number, list: readonly unknown[]) => Number.isInteger(at) && at >= 0 && at < list.length
const arePositions = (places: readonly number[], list: readonly unknown[]) =>
  isDistinct(places) && places.every((at) => isPosition(at, list))

/** Whether an answer is one that the card could have: of its type, of its options, on its slider. Positions are the card's own. */
export function fits(card: CardBody, answer: Answer): boolean {
  switch (answer.type) {
    case 'single':
    case 'poll':
      return card.type === answer.type && isPosition(answer.choice, card.options)
    case 'multiple':
      return card.type === answer.type && arePositions(answer.choices, card.options)
    case 'ordering':
      return (
        card.type === answer.type && answer.order.length === card.items.length && arePositions(answer.order, card.items)
      )
    case 'slider':
      return card.type === answer.type && card.min <= answer.value && answer.value <= card.max
    default:
      return card.type === answer.type
  }
}

/** For whoever takes an answer in: throws `answer-mismatch` unless it fits its card, so that what is stored always does. */
export function checkAnswer(card: CardBody, answer: Answer): void {
  if (!fits(card, answer)) throw new RuleError('answer-mismatch')
}
