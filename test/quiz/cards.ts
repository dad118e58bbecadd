import type { Answer } from '../../shared/deck/answers.ts'
import { type Card, cardSchema } from '../../shared/deck/cards.ts'

const card = (id: string, body: object): Card => cardSchema.parse({ id, prompt: `Prompt of ${id}`, ...body })

/** Texts that stand in no frame before the reveal. */
export const SECRET = 'SECRET'

/** One of each kind, in an order that players see as it is, unless the kind has none. */
export const CARDS: readonly Card[] = [
  card('single', { type: 'single', options: ['a', 'b', 'c'], key: 1, shuffle: 'none', explanation: `${SECRET} 1` }),
  card('typed', { type: 'typed', accepted: [`${SECRET} Paris`, 'Paris'], spelling: 'exact', limitMs: 10_000 }),
  card('ordering', { type: 'ordering', items: ['one', 'two', 'three', 'four'], explanation: `${SECRET} 2` }),
  card('poll', { type: 'poll', options: ['x', 'y'], explanation: `${SECRET} 3` }),
  card('info', { type: 'info', explanation: `${SECRET} 4` }),
  card('flash', { type: 'flash-card', back: `${SECRET} back` }),
]

/** `count` cards of one kind: right is 1 of 4. */
export const singles = (count: number): Card[] =>
  Array.from({ length: count }, (_, i) =>
    card(`q${i}`, { type: 'single', options: ['0', '1', '2', '3'], key: 1, shuffle: 'none', explanation: SECRET }),
  )

export const RIGHT: Answer = { type: 'single', choice: 1 }
export const WRONG: Answer = { type: 'single', choice: 0 }
export { card }
