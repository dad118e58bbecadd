import { describe, expect, test } from 'bun:test'
import { cardBodySchema, cardSchema } from '../../shared/deck/cards.ts'
import { deckSchema } from '../../shared/deck/deck.ts'
import { LIMITS } from '../../shared/limits.ts'
import { Random, randomCard, TYPES } from './random-cards.ts'
import { cardOf, SAMPLES } from './samples.ts'

const { deck: limits } = LIMITS
const takes = (card: unknown) => cardBodySchema.safeParse(card).success
const many = (count: number, length = 1) => Array.from({ length: count }, (_, i) => `${i}`.padStart(length, 'x'))

test.each(TYPES)('a card of the type %s is taken, and taken again as it is', (type) => {
  const card = cardOf(type)
  expect(cardBodySchema.parse(card)).toEqual(card)
  expect(card).toMatchObject({ explanation: '', limitMs: null, tags: [] })
})

describe('is refused:', () => {
  test.each<[string, keyof typeof SAMPLES, Record<string, unknown>]>([
    ['an empty prompt', 'info', { prompt: ' \n ' }],
    ['a prompt that is too long', 'info', { prompt: 'x'.repeat(limits.promptChars + 1) }],
    ['half a surrogate pair', 'info', { prompt: 'a\ud800' }],
    ['a control character', 'info', { prompt: 'a\u0000b' }],
    ['a line separator', 'info', { prompt: 'a\u2028b' }],
    ['a type that is none', 'info', { type: 'essay' }],
    ['a time that is too short', 'info', { limitMs: limits.limitMs.min - 1 }],
    ['a time that is too long', 'info', { limitMs: limits.limitMs.max + 1 }],
    ['a time in broken ms', 'info', { limitMs: 5_000.5 }],
    ['a tag with a space', 'info', { tags: ['a b'] }],
    ['a tag twice', 'info', { tags: ['a', ' a '] }],
    ['too many tags', 'info', { tags: many(limits.tags + 1) }],
    ['one option', 'single', { options: ['a'] }],
    ['too many options', 'single', { options: many(limits.options + 1) }],
    ['an option with two lines', 'single', { options: ['a\nb', 'c'] }],
    ['the same option twice', 'single', { options: ['a', ' a'], key: 1 }],
    ['a key that is no option', 'single', { key: 4 }],
    ['a negative key', 'single', { key: -1 }],
    ['a key between two options', 'single', { key: 0.5 }],
    ['no key at all', 'single', { key: undefined }],
    ['no right option', 'multiple', { key: [] }],
    ['a right option twice', 'multiple', { key: [1, 1] }],
    ['a right option that is none', 'multiple', { key: [0, 5] }],
    ['a text as truth', 'true-false', { key: 'true' }],
    ['nothing that is accepted', 'typed', { accepted: [] }],
    ['an accepted text that is blank', 'typed', { accepted: ['  '] }],
    ['an accepted text that is too long', 'typed', { accepted: ['x'.repeat(limits.answerChars + 1)] }],
    ['two equal things to order', 'ordering', { items: ['a', 'b', 'a'] }],
    ['an empty slider', 'slider', { min: 5, max: 5 }],
    ['a key beside the slider', 'slider', { key: 101 }],
    ['a reach within the tolerance', 'slider', { tolerance: 25 }],
    ['an endless slider', 'slider', { max: Number.POSITIVE_INFINITY }],
    ['a step of nothing', 'slider', { step: 0 }],
    ['a flash card without a back', 'flash-card', { back: ' ' }],
  ])('%s', (_, type, parts) => {
    expect(takes(SAMPLES[type])).toBe(true)
    expect(takes({ ...SAMPLES[type], ...parts })).toBe(false)
  })
})

test('a text is kept without spaces around it and with LF line ends', () => {
  expect(cardOf('info', { prompt: '  a\r\nb\rc\n ' }).prompt).toBe('a\nb\nc')
  expect(cardOf('single', { options: [' x ', 'y'] }).options).toEqual(['x', 'y'])
})

test('what no card has is dropped, a type`s parts from another type included', () => {
  expect(Object.keys(cardOf('info', { key: 1, options: ['a', 'b'], admin: true })).sort()).toEqual(
    Object.keys(cardOf('info')).sort(),
  )
})

test.each(['', 'a b', 'x'.repeat(33), 'ü', 'a/b'])('%j is no id of a card', (id) => {
  expect(cardSchema.safeParse({ ...SAMPLES.info, id }).success).toBe(false)
  expect(cardSchema.parse({ ...SAMPLES.info, id: 'a-Z_9' }).id).toBe('a-Z_9')
})

describe('a deck', () => {
  const cards = (count: number) => many(count).map((id) => ({ ...SAMPLES.info, id }))
  const isDeck = (parts: object) => deckSchema.safeParse({ title: 'Animals', ...parts }).success

  test('is private, empty and undescribed unless it says otherwise', () => {
    expect(deckSchema.parse({ title: ' Animals ' })).toEqual({
      title: 'Animals',
      description: '',
      cards: [],
      visibility: 'private',
    })
  })

  test('has a title, one of three visibilities, and each id once', () => {
    expect([{ title: '' }, { visibility: 'secret' }, { cards: [...cards(2), ...cards(1)] }].map(isDeck)).toEqual([
      false,
      false,
      false,
    ])
    expect(['private', 'shared', 'public'].every((visibility) => isDeck({ visibility }))).toBe(true)
  })

  test('holds so many cards', () => {
    expect([limits.cards, limits.cards + 1].map((count) => isDeck({ cards: cards(count) }))).toEqual([true, false])
  })
})

test('random cards of each type are taken as they are', () => {
  const random = new Random(6)
  for (let i = 0; i < 300; i++) {
    const card = randomCard(random)
    expect(cardBodySchema.parse(card)).toEqual(card)
  }
})
