import { describe, expect, test } from 'bun:test'
import { type Card, type CardBody, cardBodySchema } from '../../shared/deck/cards.ts'
import { importCards } from '../../shared/deck/import.ts'
import { readDeck, writeDeck } from '../../shared/deck/json.ts'
import { readTable } from '../../shared/deck/table.ts'
import { writeCardTable } from '../../shared/deck/tables.ts'
import { LIMITS } from '../../shared/limits.ts'
import { Random, randomCard, TYPES } from './random-cards.ts'
import { cardOf, SAMPLES } from './samples.ts'

const readTableOf = (text: string, as: 'flash-card' | 'typed' = 'flash-card') => {
  const { cards, errors } = importCards({ text, format: 'table', as })
  return { cards, errors }
}
const withoutId = ({ id, ...card }: Card) => cardBodySchema.parse({ ...card, was: id })

describe('CSV', () => {
  test('holds each type of card, and gives it back as it was', () => {
    const cards = TYPES.map((type) => cardOf(type, { explanation: 'why', limitMs: 7_250, tags: ['a', 'b'] }))
    expect(readTableOf(writeCardTable(cards))).toEqual({ cards, errors: [] })
  })

  test('holds whatever texts cards have', () => {
    const random = new Random(7)
    for (let i = 0; i < 150; i++) {
      const cards = Array.from({ length: random.below(8) }, () => randomCard(random))
      expect(readTableOf(writeCardTable(cards))).toEqual({ cards, errors: [] })
    }
  })

  test('has no cell that a spreadsheet runs', () => {
    const random = new Random(8)
    let formulas = 0
    for (let i = 0; i < 150; i++) {
      const text = writeCardTable(Array.from({ length: 8 }, () => randomCard(random)))
      for (const { cells } of readTable(text, { separator: ',' }).rows)
        for (const cell of cells) {
          expect(cell).not.toMatch(/^[=+\-@\t\r＝]/)
          if (cell.startsWith("'")) formulas++
        }
    }
    expect(formulas).toBeGreaterThan(100)
  })

  test('may be written by hand, with the columns in one`s own order and names', () => {
    const text = [
      'Tags;Question;Options;Answer;Seconds;Anything',
      ';2 + 2?;3|4|5;2;20;x',
      'math;Even?;1|2|4;2, 3;;',
      ';Hund?;;dog|hound',
    ].join('\n')
    const { cards, errors } = readTableOf(text, 'typed')
    expect(errors).toEqual([])
    expect(cards).toMatchObject([
      { type: 'single', prompt: '2 + 2?', options: ['3', '4', '5'], key: 1, limitMs: 20_000 },
      { type: 'multiple', key: [1, 2], tags: ['math'] },
      { type: 'typed', accepted: ['dog', 'hound'] },
    ])
    expect(readTableOf('front\tback\na, b\tc|d').cards).toMatchObject([
      { type: 'flash-card', prompt: 'a, b', back: 'c|d' },
    ])
  })

  test.each<[string, string]>([
    ['single,Q,a|b,3', 'key'],
    ['single,Q,a|b,0', 'key'],
    ['single,Q,a|b,', 'key'],
    ['single,Q,a|b,a', 'key'],
    ['single,Q,a,1', 'options'],
    ['multiple,Q,a|b,"1,x"', 'key.1'],
    ['true-false,Q,,maybe', 'key'],
    ['typed,Q,,', 'accepted'],
    ['slider,Q,,5', 'min'],
    ['essay,Q,,', 'type'],
    ['constructor,Q,,', 'type'],
    ['flash-card,,,x', 'prompt'],
  ])('the row %j is an error that names %s', (row, where) => {
    const result = readTableOf(`type,prompt,options,answer\ninfo,Hi\n${row}\ninfo,Ho`)
    expect(result.cards.map(({ prompt }) => prompt)).toEqual(['Hi', 'Ho'])
    expect(result.errors).toMatchObject([{ row: 3, rule: 'card-invalid' }])
    expect(result.errors[0]?.why).toStartWith(`${where}: `)
  })

  test('takes the first of two columns with the same meaning, and yes and no for true and false', () => {
    const { cards } = readTableOf('type,question,prompt,answer\ntrue-false,A,B,Yes\ntrue-false,C,D,0')
    expect(cards).toMatchObject([
      { prompt: 'A', key: true },
      { prompt: 'C', key: false },
    ])
  })

  test('without a column of prompts is no table of cards', () => {
    for (const text of ['', 'a,b\nc,d', '\n\n'])
      expect(readTableOf(text)).toMatchObject({ cards: [], errors: [{ rule: 'row-unreadable' }] })
    expect(readTableOf('prompt\n')).toEqual({ cards: [], errors: [] })
  })
})

describe('JSON', () => {
  const deckOf = (cards: readonly CardBody[]) => ({
    title: 'Animals',
    description: 'two\nlines',
    cards: cards.map((card, i) => ({ ...card, id: `card-${i}` })),
  })
  const file = (parts: object) => JSON.stringify({ format: 'foyer-deck@1', title: 'T', ...parts })
  const ruleOf = (text: string) => {
    try {
      readDeck(text)
    } catch (error) {
      return error
    }
  }

  test('holds a whole deck, ids included, but not who may see it', () => {
    const random = new Random(9)
    for (let i = 0; i < 100; i++) {
      const deck = deckOf(Array.from({ length: random.below(9) }, () => randomCard(random)))
      const text = writeDeck({ ...deck, visibility: 'public' })
      expect(readDeck(text)).toEqual({ deck, rows: deck.cards.map((_, i) => i + 1), errors: [] })
      expect(Object.keys(JSON.parse(text))).not.toContain('visibility')
    }
  })

  test('is read as far as its cards are valid', () => {
    const cards = [
      { ...SAMPLES.info, id: 'a' },
      { ...SAMPLES.single, id: 'b', key: 9 },
      { ...SAMPLES.poll, id: 'a' },
      null,
      { ...SAMPLES.poll, id: 'c' },
      SAMPLES.info,
    ]
    const { deck, errors } = readDeck(file({ cards }))
    expect(deck.cards.map(({ id, type }) => [id, type])).toEqual([
      ['a', 'info'],
      ['c', 'poll'],
    ])
    expect(errors.map(({ row, rule }) => [row, rule])).toEqual([2, 3, 4, 6].map((row) => [row, 'card-invalid']))
  })

  test.each([
    '',
    'null',
    '[]',
    '{',
    '{"title":"T"}',
    file({ format: 'foyer-deck@2' }),
    file({ title: '' }),
    file({ cards: {} }),
    '['.repeat(100_000),
    file({ cards: [[[[[]]]]] }),
  ])('%.40s is no deck', (text) => {
    expect(ruleOf(text)).toMatchObject({ rule: 'deck-unreadable' })
  })

  test('has limits of its size and of its cards', () => {
    expect(ruleOf(' '.repeat(LIMITS.deck.importChars + 1))).toMatchObject({ rule: 'too-large' })
    const cards = Array.from({ length: LIMITS.deck.cards + 2 }, (_, i) => ({ ...SAMPLES.info, id: `${i}` }))
    const { deck, errors } = readDeck(file({ cards }))
    expect([deck.cards.length, errors.map(({ row, rule }) => [row, rule])]).toEqual([
      LIMITS.deck.cards,
      [[LIMITS.deck.cards + 1, 'deck-full']],
    ])
  })

  test('gives a card the same parts as CSV does', () => {
    const random = new Random(10)
    const deck = deckOf(Array.from({ length: 40 }, () => randomCard(random)))
    const viaJson = readDeck(writeDeck(deck)).deck.cards.map(withoutId)
    expect(readTableOf(writeCardTable(deck.cards)).cards).toEqual(viaJson)
  })
})
