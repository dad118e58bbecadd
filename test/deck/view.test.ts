import { describe, expect, test } from 'bun:test'
import type { Answer } from '../../shared/deck/answers.ts'
import { type Card, type CardBody, cardBodySchema } from '../../shared/deck/cards.ts'
import { grade } from '../../shared/deck/grade.ts'
import { partsOf, permutation, shuffled, shuffleOf, unshuffled } from '../../shared/deck/shuffle.ts'
import { hideKey } from '../../shared/deck/view.ts'
import { Random, randomCard, TYPES } from './random-cards.ts'
import { cardOf } from './samples.ts'

const withId = (card: CardBody): Card => ({ ...card, id: 'card-1' })
const viewOf = (card: CardBody, seed: string) => hideKey(withId(card), shuffleOf(card, seed))

/** Every field that may show; all others are the key's, or may give it away. */
const SHOWN = new Set(['type', 'id', 'prompt', 'limitMs', 'options', 'items', 'credit', 'min', 'max', 'step', 'unit'])

/** The same card with each text and number of the key changed into something that stands nowhere else. */
const marked = (card: CardBody): CardBody =>
  cardBodySchema.parse({
    ...card,
    prompt: 'plain',
    explanation: 'SECRET explanation',
    tags: ['SECRET-tag'],
    ...(card.type === 'typed' ? { accepted: ['SECRET accepted', 'SECRET too'] } : {}),
    ...(card.type === 'flash-card' ? { back: 'SECRET back' } : {}),
    ...(card.type === 'slider' ? { min: 0, max: 90_000, key: 71_237, tolerance: 0.71237, reach: 712.37 } : {}),
  })

describe.each(TYPES)('the view of a card of the type %s', (type) => {
  const random = new Random(TYPES.indexOf(type))

  test('has no field and no text of the key', () => {
    for (let i = 0; i < 200; i++) {
      const view = viewOf(marked(randomCard(random, type)), `seed ${i}`)
      expect(Object.keys(view).filter((field) => !SHOWN.has(field))).toEqual([])
      expect(JSON.stringify(view)).not.toMatch(/SECRET|71\W?237|712\.37/)
    }
  })

  test('is the same whatever the key is', () => {
    for (let i = 0; i < 200; i++) {
      const card = randomCard(random, type)
      const other = cardBodySchema.parse({
        ...card,
        ...otherKey(random, card),
        explanation: 'another',
        tags: ['other'],
      })
      // What is in another order is shown in the same if the shuffle undoes it.
      const order = shuffleOf(card, `seed ${i}`)
      const undone = order.map((at) => partsOf(other).indexOf(partsOf(card)[at] ?? ''))
      expect(hideKey(withId(other), undone)).toEqual(hideKey(withId(card), order))
    }
  })

  test('has all its parts, each once', () => {
    for (let i = 0; i < 100; i++) {
      const card = randomCard(random, type)
      const view = viewOf(card, `seed ${i}`)
      const parts = 'options' in view ? view.options : 'items' in view ? view.items : []
      expect([...parts].sort()).toEqual([...partsOf(card)].sort())
    }
  })
})

function otherKey(random: Random, card: CardBody): object {
  switch (card.type) {
    case 'single':
      return { key: random.below(card.options.length) }
    case 'multiple':
      return { key: [random.below(card.options.length)] }
    case 'true-false':
      return { key: !card.key }
    case 'typed':
      return { accepted: ['another'], spelling: 'exact', diacritics: 'keep' }
    case 'ordering':
      return { items: permutation(card.items.length, `${random.next()}`).map((at) => card.items[at]) }
    case 'slider':
      return { key: card.min, tolerance: 1, reach: 2 }
    case 'flash-card':
      return { back: 'another' }
    case 'poll':
    case 'info':
      return {}
  }
}

test('options that are to stay in their order do; things to order never do of themselves', () => {
  for (let i = 0; i < 50; i++) {
    expect(shuffleOf(cardOf('single', { shuffle: 'none' }), `${i}`)).toEqual([0, 1, 2, 3])
    expect(shuffleOf(cardOf('poll'), `${i}`)).toEqual([0, 1, 2])
  }
  const orders = Array.from({ length: 50 }, (_, i) => shuffleOf(cardOf('ordering'), `${i}`).join())
  expect(new Set(orders).size).toBeGreaterThan(10)
})

test('the same seed makes the same order, and all orders are equally likely', () => {
  const counts = new Map<string, number>()
  for (let i = 0; i < 24_000; i++) {
    const order = permutation(4, `game:player-${i}`).join('')
    expect(permutation(4, `game:player-${i}`).join('')).toBe(order)
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(24)
  // 1,000 of each; 150 off are almost five standard deviations.
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})

test('who answers by what they see is graded by what the card means, whatever the order', () => {
  for (let i = 0; i < 100; i++) {
    const shown = (type: 'single' | 'multiple' | 'ordering', right: (parts: readonly string[]) => Answer) => {
      const card = cardOf(type)
      const order = shuffleOf(card, `${i}`)
      const view = hideKey(withId(card), order)
      const parts = 'options' in view ? view.options : 'items' in view ? view.items : []
      return grade(card, unshuffled(right(parts), order)).share
    }
    expect(shown('single', (parts) => ({ type: 'single', choice: parts.indexOf('Paris') }))).toBe(1)
    expect(shown('single', (parts) => ({ type: 'single', choice: parts.indexOf('Nice') }))).toBe(0)
    const evens = (parts: readonly string[]) => ['2', '4'].map((text) => parts.indexOf(text))
    expect(shown('multiple', (parts) => ({ type: 'multiple', choices: evens(parts) }))).toBe(1)
    const animals = ['ant', 'cat', 'cow', 'whale']
    const sorted = (parts: readonly string[]) => animals.map((text) => parts.indexOf(text))
    expect(shown('ordering', (parts) => ({ type: 'ordering', order: sorted(parts) }))).toBe(1)
  }
})

test('a position that was not shown is refused, and an answer without positions stays as it is', () => {
  const refused: Answer[] = [
    { type: 'single', choice: 4 },
    { type: 'poll', choice: -1 },
    { type: 'multiple', choices: [0, 4] },
    { type: 'ordering', order: [0, 1, 2, 9] },
  ]
  for (const answer of refused)
    expect(() => unshuffled(answer, [3, 1, 0, 2])).toThrow(expect.objectContaining({ rule: 'answer-mismatch' }))
  const typed: Answer = { type: 'typed', text: 'x' }
  expect(unshuffled(typed, [])).toBe(typed)
})

test('an answer is shown again as it was sent', () => {
  const answers: Answer[] = [
    { type: 'single', choice: 2 },
    { type: 'multiple', choices: [3, 0] },
    { type: 'ordering', order: [2, 0, 1, 3] },
    { type: 'typed', text: 'x' },
  ]
  for (const order of [
    [3, 1, 0, 2],
    [0, 1, 2, 3],
  ])
    for (const answer of answers) expect(shuffled(unshuffled(answer, order), order)).toEqual(answer)
})
