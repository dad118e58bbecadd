import { type Answer, fits } from './answers.ts'
import type { CardBody, CardOf } from './cards.ts'
import { matchTyped, type TypedMatch } from './typed.ts'

/** What an answer is worth. */
export interface Grade {
  /** From 0, wrong, to 1, wholly right; null where nothing is right or wrong (a poll, an info page). */
  share: number | null
  /** Of a typed answer that was taken: for which text. */
  match?: TypedMatch
}

const UNSCORED: Grade = { share: null }
const all = (right: boolean): Grade => ({ share: right ? 1 : 0 })
const isUnscored = (card: CardBody) => card.type === 'poll' || card.type === 'info'

/**
 * Grades an answer whose positions are the card's own. Total: an answer that does not fit its card is worth 0. A typed answer that
 * the owner accepts afterwards is graded again with the longer list. A flash card's grade is the player's own word: all but `again`
 * is known, as spaced repetition counts it.
 */
export function grade(card: CardBody, answer: Answer): Grade {
  if (isUnscored(card)) return UNSCORED
  if (!fits(card, answer)) return all(false)
  switch (answer.type) {
    case 'single':
    case 'true-false':
      return all(card.type === answer.type && card.key === answer.choice)
    case 'multiple':
      return card.type === answer.type ? { share: multipleShare(card, answer.choices) } : all(false)
    case 'ordering':
      return card.type === answer.type ? { share: orderingShare(card, answer.order) } : all(false)
    case 'slider':
      return card.type === answer.type ? { share: sliderShare(card, answer.value) } : all(false)
    case 'typed': {
      const match = card.type === answer.type ? matchTyped(card, answer.text) : null
      return match === null ? all(false) : { share: 1, match }
    }
    case 'flash-card':
      return all(answer.grade !== 'again')
    case 'poll':
    case 'info':
      return UNSCORED
  }
}

/**
 * Partial credit: the part of the right options that was chosen, less the part of the wrong ones that was, never below 0. So to
 * choose all of them is worth as little as to choose none.
 */
export function multipleShare(card: CardOf<'multiple'>, choices: readonly number[]): number {
  const right = choices.filter((at) => card.key.includes(at)).length
  const wrong = choices.length - right
  if (card.credit === 'all') return wrong === 0 && right === card.key.length ? 1 : 0
  const wrongOptions = card.options.length - card.key.length
  return Math.max(0, right / card.key.length - (wrong === 0 ? 0 : wrong / wrongOptions))
}

/**
 * Partial credit: Kendall's rank correlation, never below 0. Each pair in its right order counts for, each other pair against, so
 * that one item in a wrong place costs little, and a random order is worth little.
 */
export function orderingShare(card: CardOf<'ordering'>, order: readonly number[]): number {
  let inOrder = 0
  let pairs = 0
  for (const [i, earlier] of order.entries())
    for (const later of order.slice(i + 1)) {
      pairs++
      if (earlier < later) inOrder++
    }
  if (card.credit === 'exact') return inOrder === pairs ? 1 : 0
  return Math.max(0, (2 * inOrder - pairs) / pairs)
}

/** By nearness: 1 up to the tolerance, from there evenly down to 0 at the reach. */
export function sliderShare(card: CardOf<'slider'>, value: number): number {
  const beyond = Math.abs(value - card.key) - card.tolerance
  if (beyond <= 0) return 1
  return Math.max(0, 1 - beyond / (card.reach - card.tolerance))
}
