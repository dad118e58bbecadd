import { describe, expect, test } from 'bun:test'
import { type Answer, checkAnswer, fits } from '../../shared/deck/answers.ts'
import { grade } from '../../shared/deck/grade.ts'
import { TYPES } from './random-cards.ts'
import { cardOf } from './samples.ts'

/** One answer of each type that fits the sample of its type. */
const FITTING: readonly Answer[] = [
  { type: 'single', choice: 0 },
  { type: 'multiple', choices: [1, 3] },
  { type: 'true-false', choice: true },
  { type: 'typed', text: 'Tallinn' },
  { type: 'ordering', order: [0, 1, 2, 3] },
  { type: 'slider', value: 40 },
  { type: 'poll', choice: 0 },
  { type: 'flash-card', grade: 'easy' },
  { type: 'info' },
]
const unscored = ['poll', 'info']

const pairs = TYPES.flatMap((type) => FITTING.map((answer) => [type, answer.type, answer] as const))
describe.each(pairs)('a card of the type %s', (type, answerType, answer) => {
  test(`${type === answerType ? 'takes' : 'refuses'} an answer of the type ${answerType}`, () => {
    const card = cardOf(type)
    const share = unscored.includes(type) ? null : type === answerType ? 1 : 0
    expect(fits(card, answer)).toBe(type === answerType)
    expect(grade(card, answer).share).toBe(share)
    if (type === answerType) checkAnswer(card, answer)
    else expect(() => checkAnswer(card, answer)).toThrow(expect.objectContaining({ rule: 'answer-mismatch' }))
  })
})

const four = ['a', 'b', 'c', 'd']
const grid = [0, 1, 2, 3].flatMap((key) => [0, 1, 2, 3, 4, -1, 0.5].map((choice) => [key, choice] as const))
test.each(grid)('single: with option %p right, the choice %p is right if it is the same', (key, choice) => {
  const card = cardOf('single', { options: four, key })
  expect(grade(card, { type: 'single', choice })).toEqual({ share: key === choice ? 1 : 0 })
  expect(fits(card, { type: 'single', choice })).toBe(four[choice] !== undefined)
})

test.each(grid)('poll: nothing is right or wrong (%p, %p)', (_, choice) => {
  expect(grade(cardOf('poll', { options: four }), { type: 'poll', choice })).toEqual({ share: null })
})

test.each([
  [true, true, 1],
  [true, false, 0],
  [false, true, 0],
  [false, false, 1],
] as const)('true-false: %p, answered %p, is worth %p', (key, choice, share) => {
  for (const prompt of ['Water boils.', 'Ice burns.', '2 + 2 = 4', 'π < 3', 'x'])
    expect(grade(cardOf('true-false', { key, prompt }), { type: 'true-false', choice })).toEqual({ share })
})

describe('multiple with five options, of which the second and fourth are right', () => {
  test.each<[number[], number, number]>([
    // choices, share if all count, share with partial credit: right / 2 - wrong / 3
    [[], 0, 0],
    [[0], 0, 0],
    [[1], 0, 1 / 2],
    [[2], 0, 0],
    [[3], 0, 1 / 2],
    [[4], 0, 0],
    [[1, 3], 1, 1],
    [[3, 1], 1, 1],
    [[0, 1], 0, 1 / 2 - 1 / 3],
    [[0, 3], 0, 1 / 2 - 1 / 3],
    [[1, 2], 0, 1 / 2 - 1 / 3],
    [[0, 2], 0, 0],
    [[0, 2, 4], 0, 0],
    [[0, 1, 2], 0, 0],
    [[0, 1, 3], 0, 2 / 3],
    [[1, 2, 3], 0, 2 / 3],
    [[1, 3, 4], 0, 2 / 3],
    [[0, 1, 2, 3], 0, 1 / 3],
    [[1, 2, 3, 4], 0, 1 / 3],
    [[0, 1, 2, 4], 0, 0],
    [[0, 1, 2, 3, 4], 0, 0],
    // These fit no card with five options.
    [[1, 1], 0, 0],
    [[1, 3, 5], 0, 0],
    [[-1], 0, 0],
  ])('the choices %j are worth %p, partly %p', (choices, all, partial) => {
    const shares = (['all', 'partial'] as const).map(
      (credit) => grade(cardOf('multiple', { credit }), { type: 'multiple', choices }).share,
    )
    expect(shares[0]).toBe(all)
    expect(shares[1]).toBeCloseTo(partial, 12)
  })
})

test('multiple: where all options are right, each is worth its part', () => {
  const card = cardOf('multiple', { options: four, key: [0, 1, 2, 3], credit: 'partial' })
  const shares = [[], [2], [0, 1], [0, 1, 3], [0, 1, 2, 3]].map(
    (choices) => grade(card, { type: 'multiple', choices }).share,
  )
  expect(shares).toEqual([0, 0.25, 0.5, 0.75, 1])
})

test.each([
  ['again', 0],
  ['hard', 1],
  ['good', 1],
  ['easy', 1],
] as const)('flash-card: who says %p is worth %p', (said, share) => {
  for (const back of ['the dog', 'x', '犬', '=1', 'two\nlines'])
    expect(grade(cardOf('flash-card', { back }), { type: 'flash-card', grade: said })).toEqual({ share })
})
