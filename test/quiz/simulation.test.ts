import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'bun:test'
import { faultsOf } from './simulation/checker.ts'
import { historyOf, UNFENCED } from './simulation/history.ts'
import type { Played, Span } from './simulation/span.ts'

const HISTORIES = process.env['LONG'] ? 100_000 : 10_000
const THREADS = availableParallelism()

/** Plays histories in a thread of its own: each takes some 5 ms. */
const played = (span: Span) =>
  new Promise<Played>((resolve, reject) => {
    const thread = new Worker(new URL('./simulation/span.ts', import.meta.url))
    const end = () => thread.terminate()
    thread.addEventListener('message', ({ data }) => (end(), resolve(data)))
    thread.addEventListener('error', (event) => (end(), reject(new Error(event.message))))
    thread.postMessage(span)
  })

describe('histories with dying, stopped and stale conductors, lost acknowledgements and double taps', () => {
  test(`keep every invariant, ${HISTORIES} times`, async () => {
    const each = HISTORIES / THREADS
    const spans = Array.from({ length: THREADS }, (_, i) => ({
      from: Math.floor(i * each) + 1,
      to: Math.floor((i + 1) * each),
    }))
    const all = await Promise.all(spans.map(played))
    expect(all.map(({ wrong }) => wrong)).toEqual(all.map(() => null))
    const sum = (what: Exclude<keyof Played, 'wrong'>) => all.reduce((total, one) => total + one[what], 0)
    // The histories are about something.
    expect(sum('histories')).toBe(HISTORIES)
    expect(sum('answers')).toBeGreaterThan(HISTORIES * 10)
    expect(sum('takeovers')).toBeGreaterThan(HISTORIES)
    expect(sum('rounds')).toBeGreaterThan(HISTORIES)
    expect(sum('ended')).toBeGreaterThan(HISTORIES / 10)
    expect(sum('lost')).toBeGreaterThan(0)
  }, 1_800_000)

  test('are the same for the same seed', () => {
    expect(historyOf(7)).toEqual(historyOf(7))
  })

  test('break without the epoch check: the checker sees it', () => {
    const broken = Array.from({ length: 30 }, (_, i) => faultsOf(historyOf(i + 1, UNFENCED)))
    expect(broken.flat().some((fault) => /under epoch \d+ after \d+/.test(fault))).toBe(true)
  }, 60_000)
})
