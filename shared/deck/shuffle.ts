import { RuleError } from '../rules.ts'
import type { Answer } from './answers.ts'
import type { CardBody } from './cards.ts'

/** A text's 32-bit hash (FNV-1a, then mixed, so that `…1` and `…2` have nothing in common). */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * A permutation of 0 to `length - 1`, the same for the same seed (Fisher-Yates). The right order is as likely as each other: to avoid
 * it would tell that it is wrong.
 */
export function permutation(length: number, seed: string): number[] {
  const places = Array.from({ length }, (_, i) => i)
  const random = numbersFrom(hash(seed))
  for (let left = length; left > 1; left--) {
    const [picked] = places.splice(Math.floor(random() * left), 1)
    if (picked !== undefined) places.push(picked)
  }
  return places
}

/** What of a card stands in an order that players may see changed; `[]` for a card that has nothing like it. */
export function partsOf(card: CardBody): readonly string[] {
  if (card.type === 'ordering') return card.items
  return card.type === 'single' || card.type === 'multiple' || card.type === 'poll' ? card.options : []
}

/**
 * The order in which one player sees a card's parts: `order[shown]` is a position of the card. Made once a player and card, and
 * stored, so that a player who comes back finds the same order (leases-quiz.md Q4). The mixing is no cryptography: `seed` is a
 * secret of the game, new or keyed (HMAC) for each player and card; from a seed that players can guess they can tell the key.
 */
export function shuffleOf(card: CardBody, seed: string): number[] {
  const parts = partsOf(card)
  const isFixed = 'shuffle' in card && card.shuffle === 'none'
  return isFixed ? parts.map((_, i) => i) : permutation(parts.length, seed)
}

/**
 * An answer in the positions of the card, from one in the positions that its player saw. Throws `answer-mismatch` for a position that
 * was not shown.
 */
export function unshuffled(answer: Answer, order: readonly number[]): Answer {
  return moved(answer, (shown) => {
    const at = order[shown]
    if (at === undefined) throw new RuleError('answer-mismatch')
    return at
  })
}

/** The other way round: an answer in the positions that its player saw, from one in the card's own. */
export const shuffled = (answer: Answer, order: readonly number[]): Answer => moved(answer, (own) => order.indexOf(own))

function moved(answer: Answer, to: (position: number) => number): Answer {
  switch (answer.type) {
    case 'single':
    case 'poll':
      return { ...answer, choice: to(answer.choice) }
    case 'multiple':
      return { ...answer, choices: answer.choices.map(to) }
    case 'ordering':
      return { ...answer, order: answer.order.map(to) }
    default:
      return answer
  }
}
