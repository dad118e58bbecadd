import { describe, expect, test } from 'bun:test'
import { tokenBuckets } from '../../server/limits.ts'

/** Buckets with a clock that the test moves. */
const bucketsAt = (options: { rate: number; burst: number; maxKeys?: number }) => {
  const time = { now: 0 }
  return { time, buckets: tokenBuckets({ ...options, now: () => time.now }) }
}

describe('a token bucket', () => {
  test('lets a burst through, then one for each 1/rate s, and says how long to wait', () => {
    const { time, buckets } = bucketsAt({ rate: 2, burst: 3 })
    expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([0, 0, 0])
    expect(buckets.take('a')).toBe(500)
    time.now = 250
    expect(buckets.take('a')).toBe(250)
    time.now = 500
    expect(buckets.take('a')).toBe(0)
    expect(buckets.take('a')).toBe(500)
  })

  test('is not emptied further by who is refused', () => {
    const { time, buckets } = bucketsAt({ rate: 1, burst: 1 })
    buckets.take('a')
    for (let i = 0; i < 100; i++) buckets.take('a')
    time.now = 1_000
    expect(buckets.take('a')).toBe(0)
  })

  test('never holds more than its burst', () => {
    const { time, buckets } = bucketsAt({ rate: 1, burst: 2 })
    buckets.take('a')
    time.now = 3_600_000
    expect([1, 2, 3].map(() => buckets.take('a') > 0)).toEqual([false, false, true])
  })

  test('is one for each key, and looking does not take', () => {
    const { buckets } = bucketsAt({ rate: 1, burst: 1 })
    expect([buckets.check('a'), buckets.check('a'), buckets.take('a'), buckets.take('b')]).toEqual([0, 0, 0, 0])
    expect([buckets.check('a'), buckets.check('b')]).toEqual([1_000, 1_000])
  })

  test('of the key unused for longest is forgotten first, so memory is bounded', () => {
    const { buckets } = bucketsAt({ rate: 1, burst: 1, maxKeys: 2 })
    buckets.take('old')
    buckets.take('middle')
    buckets.take('new')
    expect([buckets.check('old'), buckets.check('middle'), buckets.check('new')]).toEqual([0, 1_000, 1_000])
  })

  test('of rate 0 never refuses', () => {
    const { buckets } = bucketsAt({ rate: 0, burst: 0 })
    expect(buckets.take('a')).toBe(0)
  })
})
