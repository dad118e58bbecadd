import { describe, expect, test } from 'bun:test'
import { FoyerError } from '../../client/errors.ts'
import { newKey } from '../../client/random.ts'
import { backoffMs, pause, retry } from '../../client/retry.ts'
import { idempotencyKeySchema } from '../../shared/ids.ts'

const soon = { random: () => 0 }
/** Fails so often, then succeeds. */
const failing = (times: number, error: unknown = new TypeError('Load failed')) => {
  const calls = { count: 0 }
  const attempt = async () => {
    if (calls.count++ < times) throw error
    return 'done'
  }
  return { attempt, calls }
}

describe('backoffMs', () => {
  test('doubles from 200 ms to 5 s, and its upper half is random', () => {
    const range = (failures: number) => [backoffMs(failures, 0, () => 0), backoffMs(failures, 0, () => 1)]
    expect([0, 1, 2, 4, 5, 99].map(range)).toEqual([
      [100, 200],
      [200, 400],
      [400, 800],
      [1_600, 3_200],
      [2_500, 5_000],
      [2_500, 5_000],
    ])
  })

  test('never asks again before the server wants to be asked', () => {
    expect(backoffMs(0, 7_000, () => 0)).toBe(7_000)
  })
})

describe('retry', () => {
  test('repeats what failed for want of a connection, and tells of each', async () => {
    const { attempt, calls } = failing(2)
    const told: [string, number][] = []
    expect(await retry(attempt, { ...soon, onRetry: ({ rule }, ms) => void told.push([rule, ms]) })).toBe('done')
    expect(calls.count).toBe(3)
    expect(told).toEqual([
      ['offline', 100],
      ['offline', 200],
    ])
  })

  test('waits as long as the server asks to', async () => {
    const { attempt } = failing(1, new FoyerError('rate-limited', { retryAfterMs: 250 }))
    const began = performance.now()
    await retry(attempt, soon)
    expect(performance.now() - began).toBeGreaterThanOrEqual(245)
  })

  test('does not repeat what would fail again', async () => {
    const { attempt, calls } = failing(1, new FoyerError('room-full'))
    await expect(retry(attempt, soon)).rejects.toMatchObject({ rule: 'room-full' })
    expect(calls.count).toBe(1)
  })

  test('ends at its deadline with the last failure', async () => {
    const { attempt } = failing(1_000, new FoyerError('shutting-down'))
    await expect(retry(attempt, { ...soon, deadlineMs: 150 })).rejects.toMatchObject({ rule: 'shutting-down' })
  })

  test('ends at its deadline with timeout when the first reply never comes', async () => {
    const never = () => new Promise<never>(() => {})
    await expect(retry(never, { deadlineMs: 50 })).rejects.toMatchObject({ rule: 'timeout' })
  })

  test('gives a reply that never comes up after a while, and asks again', async () => {
    const signals: AbortSignal[] = []
    const attempt = (signal: AbortSignal) => {
      signals.push(signal)
      return signals.length < 2 ? new Promise<never>(() => {}) : Promise.resolve('done')
    }
    expect(await retry(attempt, { ...soon, tryMs: 30 })).toBe('done')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  test.each(['in an attempt', 'in a pause', 'before'])('ends with aborted when its signal says so %s', async (when) => {
    const controller = new AbortController()
    const { signal } = controller
    if (when === 'before') controller.abort()
    const attempt = () => (when === 'in a pause' ? Promise.reject(new TypeError('no')) : new Promise<never>(() => {}))
    const ended = retry(attempt, { signal, onRetry: () => controller.abort() })
    if (when === 'in an attempt') controller.abort()
    await expect(ended).rejects.toMatchObject({ rule: 'aborted' })
  })
})

test('a pause ends early when it is aborted', async () => {
  const began = performance.now()
  await expect(pause(60_000, AbortSignal.timeout(20))).rejects.toMatchObject({ rule: 'aborted' })
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('a new Idempotency-Key is one that the server takes, and never the same', () => {
  const keys = Array.from({ length: 100 }, newKey)
  for (const key of keys) expect(idempotencyKeySchema.safeParse(key).success).toBe(true)
  expect(new Set(keys).size).toBe(100)
})
