import { expect, test } from 'bun:test'
import { fuzzApply } from './fuzz.ts'
import { Random } from './random.ts'

// FUZZ_OPERATIONS=1000000 is the long form.
const OPERATIONS = Number(process.env.FUZZ_OPERATIONS ?? 20_000)
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_801)

test('random commands do what a plain mutable model does, count their bytes exactly, and leave no trace when they fail', () => {
  const { operations, done, kinds, refused } = fuzzApply(new Random(SEED), OPERATIONS)
  expect(operations).toBeGreaterThanOrEqual(OPERATIONS)
  // It would prove little if nearly all were refused, or if a kind of operation or a rule hardly came up.
  expect(done / operations).toBeGreaterThan(0.2)
  expect(kinds.size).toBe(14)
  expect(Math.min(...kinds.values()) / operations).toBeGreaterThan(0.005)
  expect([...refused.keys()].sort()).toEqual(['duplicate-id', 'out-of-bounds', 'path-missing', 'test-failed'])
}, 1_800_000)
