import type { Card, CardOf } from './cards.ts'
import { partsOf } from './shuffle.ts'

interface Shown {
  id: string
  prompt: string
  limitMs: number | null
}

/** A card as a player sees it before the key is shown. Positions in an answer to it are positions in its lists. */
export type CardView = Shown &
  (
    | { type: 'single' | 'poll'; options: readonly string[] }
    | { type: 'multiple'; options: readonly string[]; credit: CardOf<'multiple'>['credit'] }
    | { type: 'ordering'; items: readonly string[]; credit: CardOf<'ordering'>['credit'] }
    | { type: 'slider'; min: number; max: number; step: number; unit: string }
    | { type: 'true-false' | 'typed' | 'flash-card' | 'info' }
  )

/**
 * A card without its key: each field that is shown is named here, so that a new one stays hidden until somebody shows it. Hidden are
 * key, accepted texts, back, explanation, the right order, how near is near enough, and tags, which may give the answer away.
 * `order` is the player's stored one (`shuffleOf`).
 */
export function hideKey(card: Card, order: readonly number[]): CardView {
  const shown: Shown = { id: card.id, prompt: card.prompt, limitMs: card.limitMs }
  const parts = partsOf(card)
  const inOrder = order.flatMap((at) => parts[at] ?? [])
  switch (card.type) {
    case 'single':
    case 'poll':
      return { ...shown, type: card.type, options: inOrder }
    case 'multiple':
      return { ...shown, type: card.type, options: inOrder, credit: card.credit }
    case 'ordering':
      return { ...shown, type: card.type, items: inOrder, credit: card.credit }
    case 'slider':
      return { ...shown, type: card.type, min: card.min, max: card.max, step: card.step, unit: card.unit }
    default:
      return { ...shown, type: card.type }
  }
}
