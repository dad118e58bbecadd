import type { z } from 'zod'
import { type CardBody, cardBodySchema, type CardOf, type CardType } from '../../shared/deck/cards.ts'

type Given = z.input<typeof cardBodySchema>

/** A small valid card of each type. */
export const SAMPLES = {
  single: { type: 'single', prompt: 'Capital of France?', options: ['Paris', 'Lyon', 'Nice', 'Lille'], key: 0 },
  multiple: { type: 'multiple', prompt: 'Which are even?', options: ['1', '2', '3', '4', '5'], key: [1, 3] },
  'true-false': { type: 'true-false', prompt: 'Water boils.', key: true },
  typed: { type: 'typed', prompt: 'Capital of Estonia?', accepted: ['Tallinn', 'Reval'] },
  ordering: { type: 'ordering', prompt: 'From small to large', items: ['ant', 'cat', 'cow', 'whale'] },
  slider: { type: 'slider', prompt: 'How high?', min: 0, max: 100, step: 1, key: 40, tolerance: 5, reach: 25 },
  poll: { type: 'poll', prompt: 'Tea or coffee?', options: ['tea', 'coffee', 'neither'] },
  'flash-card': { type: 'flash-card', prompt: 'der Hund', back: 'the dog' },
  info: { type: 'info', prompt: 'Now for the second part.' },
} as const satisfies { [T in CardType]: Extract<Given, { type: T }> }

/** The sample card of a type, with other parts where they are given. */
export function cardOf<T extends CardType>(type: T, parts: Partial<Record<string, unknown>> = {}): CardOf<T> {
  const card: CardBody = cardBodySchema.parse({ ...SAMPLES[type], ...parts })
  if (isOf(card, type)) return card
  throw new Error(`a ${card.type} is no ${type}`)
}

const isOf = <T extends CardType>(card: CardBody, type: T): card is CardOf<T> => card.type === type
