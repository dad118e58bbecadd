import { describe, expect, test } from 'bun:test'
import { fits } from '../../shared/deck/answers.ts'
import { grade } from '../../shared/deck/grade.ts'
import { Random, randomAnswer, randomCard } from './random-cards.ts'
import { cardOf } from './samples.ts'

describe('ordering four things', () => {
  test.each<[number[], number]>([
    // order, partial credit: (pairs in order - pairs out of order) / 6, never below 0
    [[0, 1, 2, 3], 1],
    [[1, 0, 2, 3], 4 / 6],
    [[0, 2, 1, 3], 4 / 6],
    [[0, 1, 3, 2], 4 / 6],
    [[1, 0, 3, 2], 2 / 6],
    [[0, 2, 3, 1], 2 / 6],
    [[0, 3, 1, 2], 2 / 6],
    [[1, 2, 0, 3], 2 / 6],
    [[2, 0, 1, 3], 2 / 6],
    [[1, 2, 3, 0], 0],
    [[3, 0, 1, 2], 0],
    [[0, 3, 2, 1], 0],
    [[2, 1, 0, 3], 0],
    [[1, 3, 0, 2], 0],
    [[2, 0, 3, 1], 0],
    [[2, 3, 0, 1], 0],
    [[3, 1, 0, 2], 0],
    [[3, 2, 0, 1], 0],
    [[2, 3, 1, 0], 0],
    [[3, 2, 1, 0], 0],
    // These are no orders of four things.
    [[], 0],
    [[0, 1, 2], 0],
    [[0, 1, 2, 2], 0],
    [[0, 1, 2, 4], 0],
    [[0, 1, 2, 3, 4], 0],
  ])('as %j is worth %p partly, and exactly all or nothing', (order, partial) => {
    const shares = (['partial', 'exact'] as const).map(
      (credit) => grade(cardOf('ordering', { credit }), { type: 'ordering', order }).share,
    )
    expect(shares[0]).toBeCloseTo(partial, 12)
    expect(shares[1]).toBe(partial === 1 ? 1 : 0)
  })

  test('two things are in order or they are not', () => {
    const card = cardOf('ordering', { items: ['a', 'b'], credit: 'partial' })
    expect(
      [
        [0, 1],
        [1, 0],
      ].map((order) => grade(card, { type: 'ordering', order }).share),
    ).toEqual([1, 0])
  })
})

describe('a slider from 0 to 100 with the key at 40, a tolerance of 5 and a reach of 25', () => {
  test.each<[number, number]>([
    [40, 1],
    [39, 1],
    [41, 1],
    [35, 1],
    [45, 1],
    [34, 0.95],
    [46, 0.95],
    [30, 0.75],
    [50, 0.75],
    [25, 0.5],
    [55, 0.5],
    [20, 0.25],
    [60, 0.25],
    [16, 0.05],
    [64, 0.05],
    [15, 0],
    [65, 0],
    [14, 0],
    [66, 0],
    [0, 0],
    [100, 0],
    // These are not on the slider.
    [-1, 0],
    [100.1, 0],
    [Number.NaN, 0],
  ])('%p is worth %p', (value, share) => {
    expect(grade(cardOf('slider'), { type: 'slider', value }).share).toBeCloseTo(share, 12)
  })

  test('without a tolerance only the key is wholly right', () => {
    const card = cardOf('slider', { min: -1e12, max: 1e12, key: 0, tolerance: 0, reach: 1e-6 })
    const shares = [0, 5e-7, -5e-7, 1e-6, 1e12, -1e12].map((value) => grade(card, { type: 'slider', value }).share)
    expect(shares).toEqual([1, 0.5, 0.5, 0, 0, 0])
  })
})

test('whatever is answered to whatever card, the share is from 0 to 1, or null where nothing is right', () => {
  const random = new Random(11)
  const shares = { wrong: 0, partly: 0, right: 0, unscored: 0 }
  for (let i = 0; i < 6_000; i++) {
    const card = randomCard(random)
    const answer = randomAnswer(random, random.chance(0.95) ? card : randomCard(random))
    const { share, match } = grade(card, answer)
    expect(share === null).toBe(card.type === 'poll' || card.type === 'info')
    if (share === null) shares.unscored++
    else {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
      if (!fits(card, answer)) expect(share).toBe(0)
      shares[share === 0 ? 'wrong' : share === 1 ? 'right' : 'partly']++
    }
    expect(match === undefined).toBe(card.type !== 'typed' || share === 0)
  }
  for (const count of Object.values(shares)) expect(count).toBeGreaterThan(100)
})
