import { type Answer, fits } from '../../deck/answers.ts'
import type { Card } from '../../deck/cards.ts'
import { grade } from '../../deck/grade.ts'
import { score, scoringRuleSchema } from '../../deck/scoring.ts'
import { shuffleOf, unshuffled } from '../../deck/shuffle.ts'

/** What a round has to know of a card. */
export interface CardTraits {
  /** False for a page: nobody is silent who does not answer it. */
  answerable: boolean
  /** False for a poll, too: no answer to it is right or wrong. */
  scored: boolean
  /** Players see the key before they answer (flash cards): they answer after the reveal. */
  selfGraded: boolean
  /** Whether more answers can be accepted after the reveal (typed ones). */
  regradable: boolean
}

export const traitsOf = ({ type }: Card): CardTraits => ({
  answerable: type !== 'info',
  scored: type !== 'info' && type !== 'poll',
  selfGraded: type === 'flash-card',
  regradable: type === 'typed',
})

/**
 * The order in which one player sees a card's options. It follows from the round's salt, which no client sees: who comes back on
 * another server, under another conductor, finds the same order (leases-quiz.md Q4).
 */
export const orderFor = (card: Card, { salt, user }: { salt: string; user: string }): number[] =>
  shuffleOf(card, `${salt} ${card.id} ${user}`)

/** A player's answer in the card's own positions, as it stands in the log; null: no answer to this card. */
export const ownAnswer = (card: Card, answer: Answer, order: readonly number[]): Answer | null =>
  fits(card, answer) ? unshuffled(answer, order) : null

/** In [0, 1]: how right an answer is; null: not scored. `accepted`: texts that are right too. */
export const creditOf = (card: Card, answer: Answer, accepted: readonly string[]): number | null =>
  grade(card.type === 'typed' ? { ...card, accepted: [...card.accepted, ...accepted] } : card, answer).share

/** Rules of shared/deck/scoring.ts whose points are added: `kahoot@1`, `accuracy@1+streak@1`. */
const rulesOf = (scoring: string) => scoring.split('+').map((name) => scoringRuleSchema.safeParse(name))

export function isScoring(scoring: string): boolean {
  const names = scoring.split('+')
  return rulesOf(scoring).every(({ success }) => success) && new Set(names).size === names.length
}

/** An answer in time, as it is scored. */
export interface Scored {
  credit: number | null
  /** Since the question opened, pauses not counted; 0 to `limitMs`. */
  ms: number
  limitMs: number
  /** Right answers in a row before this one. */
  streak: number
}

/** Whole points, never negative. A rule that is none gives none: decide-create.ts lets no such payload in. */
export const pointsOf = (scoring: string, { credit, ms, limitMs, streak }: Scored): number =>
  rulesOf(scoring).reduce(
    (sum, { data }) => sum + (data === undefined ? 0 : score(data, { share: credit, tookMs: ms, limitMs, streak })),
    0,
  )
