import { expect, test } from 'bun:test'
import { Random } from './random.ts'
import { fuzzRebase } from './rebase-fuzz.ts'

// FUZZ_OPERATIONS=1000000 is the long form; a round has about five operations.
const ROUNDS = Math.ceil(Number(process.env.FUZZ_OPERATIONS ?? 20_000) / 5)
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_802)

test('a command made on an older version hits the elements that its sender saw, or is refused', () => {
  const { done, stale } = fuzzRebase(new Random(SEED), ROUNDS)
  expect(done / ROUNDS).toBeGreaterThan(0.4)
  expect(stale / ROUNDS).toBeGreaterThan(0.05)
}, 1_800_000)
