import { describe, expect, test } from 'bun:test'
import { holdTimes, isHeld, isRevivable } from '../../shared/hold.ts'

const at = (ms: number) => new Date(1_700_000_000_000 + ms)
const made = (live: true | undefined) => ({ live, ...holdTimes(at(0), { expiryMs: 10_000, reviveMs: 120_000 }) })

describe('a hold of 10 s that may be revived for 2 minutes', () => {
  test.each([
    ['while it is fresh', 0, true, true],
    ['a moment before it expires', 9_999, true, true],
    ['from its expiry on', 10_000, false, true],
    ['a moment before it is purged', 129_999, false, true],
    ['from its purge on', 130_000, false, false],
  ])('%s', (_, ms, held, revivable) => {
    expect([isHeld(made(true), at(ms)), isRevivable(made(true), at(ms))]).toEqual([held, revivable])
  })

  test('that was given up is neither held nor revivable', () => {
    expect([isHeld(made(undefined), at(0)), isRevivable(made(undefined), at(0))]).toEqual([false, false])
    expect([isHeld(null, at(0)), isRevivable(null, at(0))]).toEqual([false, false])
  })
})
