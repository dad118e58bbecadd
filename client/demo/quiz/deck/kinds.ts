import type { Card, CardType } from '../../../../shared/deck/cards.ts'

export const KINDS: Readonly<Record<CardType, string>> = {
  single: 'Single choice',
  multiple: 'Multiple choice',
  'true-false': 'True or false',
  typed: 'Typed answer',
  ordering: 'Putting in order',
  slider: 'Slider',
  poll: 'Poll',
  'flash-card': 'Flash card',
  info: 'Page between the questions',
}

/** What is right, in one line; null: nothing is. */
export function keyOf(card: Card): string | null {
  switch (card.type) {
    case 'single':
      return card.options[card.key] ?? null
    case 'multiple':
      return card.key.map((at) => card.options[at]).join(', ')
    case 'true-false':
      return card.key ? 'True' : 'False'
    case 'typed':
      return card.accepted.join(' or ')
    case 'ordering':
      return card.items.join(' → ')
    case 'slider':
      return `${card.key}${card.unit === '' ? '' : ` ${card.unit}`}`
    case 'flash-card':
      return card.back
    case 'poll':
    case 'info':
      return null
  }
}
