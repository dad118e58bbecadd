import type { Card } from '../../deck/cards.ts'
import { permutation } from '../../deck/shuffle.ts'
import type { QuizPayload } from '../settings.ts'

/** The ids of a round's cards, in their order; the same for the same salt. */
export function roundOrder(
  cards: readonly Card[],
  { shuffle, questions }: Pick<QuizPayload, 'shuffle' | 'questions'>,
  salt: string,
): string[] {
  const order = shuffle ? permutation(cards.length, `${salt} order`) : cards.map((_, i) => i)
  return order.flatMap((i) => cards[i]?.id ?? []).slice(0, questions)
}

/** The next card of the round's order that its deck still has: decks are edited while they are played. null: none is left. */
export function nextCard(order: readonly string[], from: number, cards: readonly Card[]) {
  for (const [position, id] of order.entries()) {
    const card = position < from ? undefined : cards.find((each) => each.id === id)
    if (card !== undefined) return { position, card }
  }
  return null
}
