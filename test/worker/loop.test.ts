import { describe, expect, test } from 'bun:test'
import { loop, pause } from '../../worker/loop.ts'
import { until } from '../kit/until.ts'

/** A loop whose turns the test ends one by one. */
const steered = () => {
  const stopping = new AbortController()
  const turns: { end: () => void; fail: (error: unknown) => void }[] = []
  const errors: unknown[] = []
  const running = loop({
    everyMs: 1,
    signal: stopping.signal,
    onError: (error) => errors.push(error),
    turn: () => new Promise<void>((resolve, reject) => turns.push({ end: resolve, fail: reject })),
  })
  const nth = (n: number) => until(() => turns.length === n && turns[n - 1], { what: `turn ${n}` })
  return { stop: () => stopping.abort(), turns, errors, running, nth }
}

describe('the worker`s loop', () => {
  test('takes its turns one after the other, never two at once', async () => {
    const { stop, turns, running, nth } = steered()
    const first = await nth(1)
    await pause(20, AbortSignal.timeout(1_000))
    expect(turns).toHaveLength(1)
    first.end()
    const second = await nth(2)
    stop()
    second.end()
    await running
    expect(turns).toHaveLength(2)
  })

  test('reports a turn that failed, and goes on', async () => {
    const { stop, errors, running, nth } = steered()
    const first = await nth(1)
    first.fail('broken')
    const second = await nth(2)
    expect(errors).toEqual(['broken'])
    stop()
    second.end()
    await running
  })

  test('ends after its last turn when it is told to stop, however long the pause', async () => {
    const stopping = new AbortController()
    let turns = 0
    const running = loop({
      everyMs: 3_600_000,
      signal: stopping.signal,
      onError: () => {},
      turn: async () => void turns++,
    })
    await until(() => turns === 1, { what: 'the first turn' })
    stopping.abort()
    await running
    expect(turns).toBe(1)
  })

  test('that was stopped before it began takes no turn', async () => {
    let turns = 0
    const turn = async () => void turns++
    await loop({ everyMs: 1, signal: AbortSignal.abort(), onError: () => {}, turn })
    expect(turns).toBe(0)
  })
})

test('a pause leaves no listener behind on a signal that lives for long', async () => {
  const { signal } = new AbortController()
  let listeners = 0
  const counting = Object.assign(Object.create(signal), {
    addEventListener: () => void listeners++,
    removeEventListener: () => void listeners--,
  })
  Object.defineProperty(counting, 'aborted', { value: false })
  await pause(1, counting)
  expect(listeners).toBe(0)
})
