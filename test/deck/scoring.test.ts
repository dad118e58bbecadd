import { describe, expect, test } from 'bun:test'
import { type Outcome, SCORING_RULES, score, scoringRuleSchema, streakAfter } from '../../shared/deck/scoring.ts'
import { CREDIT_CAP_MS, tookMs } from '../../shared/deck/timing.ts'
import { Random } from '../room/random.ts'

const rules = scoringRuleSchema.options
const right = (took: number | null, parts: Partial<Outcome> = {}): Outcome => ({
  share: 1,
  tookMs: took,
  limitMs: 30_000,
  streak: 0,
  ...parts,
})

test('each rule has a name with a version, and an entry', () => {
  expect(Object.keys(SCORING_RULES)).toEqual([...rules])
  for (const rule of rules) expect(rule).toMatch(/^[a-z]+@[1-9]\d*$/)
})

describe('kahoot@1', () => {
  test.each<[number, number]>([
    [0, 1_000],
    [499, 1_000],
    [500, 992],
    [1_000, 983],
    // The published example: 2 s of 30 s.
    [2_000, 967],
    [3_000, 950],
    [7_500, 875],
    [15_000, 750],
    [29_999, 500],
    [30_000, 500],
    [30_001, 0],
    [90_000, 0],
  ])('a right answer after %p ms of 30 s is worth %p', (took, points) => {
    expect(score('kahoot@1', right(took))).toBe(points)
  })

  test('a part of an answer is worth its part', () => {
    expect(score('kahoot@1', right(2_000, { share: 0.5 }))).toBe(483)
    expect(score('kahoot@1', right(100, { share: 1 / 3 }))).toBe(333)
  })
})

describe('linear@1', () => {
  test.each<[number, number]>([
    [0, 1_000],
    [3_000, 900],
    [15_000, 500],
    [29_970, 1],
    [30_000, 0],
    [30_001, 0],
  ])('a right answer after %p ms of 30 s is worth %p', (took, points) => {
    expect(score('linear@1', right(took))).toBe(points)
  })
})

test('accuracy@1 looks at nothing but being right, and in time', () => {
  const points = [0, 2_000, 30_000, 30_001, null].map((took) => score('accuracy@1', right(took, { streak: 9 })))
  expect(points).toEqual([1_000, 1_000, 1_000, 0, 0])
  expect([0, 0.25, 2 / 3, 1].map((share) => score('accuracy@1', right(0, { share })))).toEqual([0, 250, 667, 1_000])
})

test('streak@1 adds 100 for each right answer before, up to 500, to one that is wholly right', () => {
  expect([0, 1, 2, 4, 5, 6, 100].map((streak) => score('streak@1', right(0, { streak })))).toEqual([
    0, 100, 200, 400, 500, 500, 500,
  ])
  expect(score('streak@1', right(0, { streak: 5, share: 0.99 }))).toBe(0)
})

test('without a limit there is no speed', () => {
  const untimed = (rule: (typeof rules)[number]) => score(rule, right(9e9, { limitMs: null, streak: 2 }))
  expect(rules.map(untimed)).toEqual([1_000, 1_000, 1_000, 200])
})

test('a streak grows with what is wholly right in time, ends with all else, and stays over a poll', () => {
  const after = (parts: Partial<Outcome>) => streakAfter(right(10, { streak: 3, ...parts }))
  expect([{}, { share: 0.9 }, { share: 0 }, { tookMs: null }, { tookMs: 30_001 }, { share: null }].map(after)).toEqual([
    4, 0, 0, 0, 0, 3,
  ])
})

describe.each(rules)('%s', (rule) => {
  const { min, max } = SCORING_RULES[rule]
  const random = new Random(rules.indexOf(rule))
  const outcome = (): Outcome => ({
    share: random.of([null, 0, 1, random.next(), random.next()]),
    tookMs: random.of([null, 0, -5, 500, random.next() * 40_000, 1e15]),
    limitMs: random.of([null, 0, 500, 30_000, random.next() * 60_000]),
    streak: random.below(12),
  })

  test('gives whole points within its bounds, whatever the outcome', () => {
    const given = new Set<number>()
    for (let i = 0; i < 5_000; i++) {
      const points = score(rule, outcome())
      expect(Number.isInteger(points) && points >= min && points <= max).toBe(true)
      given.add(points)
    }
    expect([given.has(min), given.has(max)]).toEqual([true, true])
  })

  test('gives nothing for what is late, wrong or not scored', () => {
    for (let i = 0; i < 1_000; i++) {
      const given = outcome()
      expect(score(rule, { ...given, tookMs: null })).toBe(0)
      expect(score(rule, { ...given, limitMs: 1_000, tookMs: 1_000.001 + random.next() * 1e6 })).toBe(0)
      expect(score(rule, { ...given, share: random.of([0, null]) })).toBe(0)
    }
  })

  test('never gives less for being faster, or for a larger share', () => {
    for (let i = 0; i < 2_000; i++) {
      const at = { ...outcome(), tookMs: random.next() * 30_000, limitMs: 30_000, share: random.next() }
      expect(score(rule, { ...at, tookMs: at.tookMs * random.next() })).toBeGreaterThanOrEqual(score(rule, at))
      expect(score(rule, { ...at, share: at.share * random.next() })).toBeLessThanOrEqual(score(rule, at))
    }
  })
})

describe('the time that an answer took', () => {
  const openedAt = 1_700_000_000_000
  const took = (passed: number, parts: object = {}) =>
    tookMs({ openedAt, receivedAt: openedAt + passed, limitMs: 20_000, graceMs: 500, ...parts })

  test.each<[number, number | null]>([
    [-3, 0],
    [0, 0],
    [1, 1],
    [19_999, 19_999],
    [20_000, 20_000],
    [20_001, 20_000],
    [20_499, 20_000],
    [20_500, 20_000],
    [20_501, null],
    [1e9, null],
  ])('%p ms after the question opened is %p of 20 s with half a second of grace', (passed, expected) => {
    expect(took(passed)).toBe(expected)
  })

  test('has no end without a limit', () => {
    expect(took(1e9, { limitMs: null })).toBe(1e9)
  })

  test('is made up for a slow way by so much at most, which makes no late answer punctual', () => {
    const credits = [0, 100, CREDIT_CAP_MS, 10_000, -50]
    expect(credits.map((creditMs) => took(1_000, { creditMs }))).toEqual([1_000, 900, 750, 750, 1_000])
    expect([took(100, { creditMs: 250 }), took(20_501, { creditMs: 250 })]).toEqual([0, null])
  })
})
