import { expect, test } from 'bun:test'
import { steadyClock } from '../../server/store/clock.ts'

test('after a primary whose clock is a minute behind the old one’s, time goes on: slower, and never back', () => {
  let mono = 1_000
  const clock = steadyClock(() => mono, 60_000)
  const at = (ms: number) => ((mono = ms), clock.now().getTime())
  expect([at(1_000), at(2_000)]).toEqual([61_000, 62_000])
  clock.correct(0)
  expect([at(2_000), at(3_000), at(12_000)]).toEqual([62_000, 62_500, 67_000])
  // Right again: twice the difference has passed.
  expect([at(121_999), at(122_000), at(123_000)]).toEqual([122_000, 122_000, 123_000])
  clock.correct(60_000)
  expect(at(123_000)).toBe(183_000)
})
