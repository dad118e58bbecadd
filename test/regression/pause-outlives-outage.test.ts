import { expect, test } from 'bun:test'
import { FoyerError } from '../../client/errors.ts'
import { retry } from '../../client/retry.ts'

/** Fails so often, then gives how often it was called; whoever is given what ends a pause uses it at once. */
async function attempts(error: FoyerError, failures = 12): Promise<{ calls: number; woken: number; ms: number }> {
  let [calls, woken] = [0, 0]
  const began = performance.now()
  const attempt = async () => {
    if (calls++ < failures) throw error
  }
  const onPause = (wake: () => void) => {
    woken++
    queueMicrotask(wake)
  }
  await retry(attempt, { onPause })
  return { calls, woken, ms: performance.now() - began }
}

// A stream was there again, and edits waited up to 5 s for the end of their own back-off.
test('a pause between attempts ends when the server is known to be there', async () => {
  const { calls, woken, ms } = await attempts(new FoyerError('offline'))
  expect([calls, woken]).toEqual([13, 12])
  expect(ms).toBeLessThan(1_000)
})

test('a pause that the server asked for does not', async () => {
  const { calls, woken, ms } = await attempts(new FoyerError('rate-limited', { retryAfterMs: 300 }), 1)
  expect([calls, woken]).toEqual([2, 0])
  expect(ms).toBeGreaterThanOrEqual(295)
})
