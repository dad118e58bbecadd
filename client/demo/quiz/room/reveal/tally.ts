import type { Answer } from '../../../../../shared/deck/answers.ts'
import type { KeyView } from '../../../../../shared/quiz/view-game.ts'
import { creditOf } from '../../../../../shared/quiz/conductor/grader.ts'

type Tally = KeyView['tally']

/** One line of what was answered. */
export interface Bar {
  /** Of the line among the others: an option's position, a text. */
  id: string | number
  text: string
  count: number
  /** null: nothing is right or wrong. */
  isRight: boolean | null
  isMine: boolean
}

/** How many chose what has one of these. */
export const countOf = (tally: Tally, has: (answer: Answer) => boolean): number =>
  tally.reduce((sum, { answer, count }) => sum + (has(answer) ? count : 0), 0)

/** Whether an answer holds this position of the card. */
export const holds = (answer: Answer | null, at: number): boolean => {
  switch (answer?.type) {
    case 'single':
    case 'poll':
      return answer.choice === at
    case 'multiple':
      return answer.choices.includes(at)
    default:
      return false
  }
}

/** Options in the order in which the viewer saw them. */
export function optionBars({ card, order, tally }: KeyView, mine: Answer | null): Bar[] {
  if (card.type !== 'single' && card.type !== 'multiple' && card.type !== 'poll') return []
  const isRight = (at: number) =>
    card.type === 'poll' ? null : card.type === 'single' ? card.key === at : card.key.includes(at)
  return order.map((at) => ({
    id: at,
    text: card.options[at] ?? '',
    count: countOf(tally, (answer) => holds(answer, at)),
    isRight: isRight(at),
    isMine: holds(mine, at),
  }))
}

export function truthBars({ card, tally }: KeyView, mine: Answer | null): Bar[] {
  if (card.type !== 'true-false') return []
  const is = (answer: Answer | null, truth: boolean) => answer?.type === 'true-false' && answer.choice === truth
  return [true, false].map((truth) => ({
    id: String(truth),
    text: truth ? 'True' : 'False',
    count: countOf(tally, (answer) => is(answer, truth)),
    isRight: card.key === truth,
    isMine: is(mine, truth),
  }))
}

/** Texts as they were typed, the most frequent first. */
export function typedBars({ card, accepted, tally }: KeyView, mine: Answer | null): Bar[] {
  const own = mine?.type === 'typed' ? mine.text : null
  return tally.flatMap(({ answer, count }) => {
    if (answer.type !== 'typed') return []
    const { text } = answer
    return [{ id: text, text, count, isRight: creditOf(card, answer, accepted) === 1, isMine: text === own }]
  })
}
