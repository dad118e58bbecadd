import { describe, expect, test } from 'bun:test'
import { faultsOf } from './simulation/checker.ts'
import { historyOf, UNFENCED } from './simulation/history.ts'

/** LONG=1: as many as CI plays at night. */
const HISTORIES = process.env['LONG'] ? 10_000 : 300

describe('histories with dying, stopped and stale conductors, lost acknowledgements and double taps', () => {
  test(`keep every invariant, ${HISTORIES} times`, () => {
    const seen = { answers: 0, takeovers: 0, rounds: 0, ended: 0, lost: 0 }
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const record = historyOf(seed)
      expect({ seed, faults: faultsOf(record) }).toEqual({ seed, faults: [] })
      const log = record.docs.flatMap(({ texts }) => texts)
      const count = (type: string) => log.filter((text) => text.includes(`"type":"${type}"`)).length
      seen.answers += count('answer.given')
      seen.takeovers += count('conductor.started') - 1
      seen.rounds += count('round.ended')
      seen.ended += count('room.ended')
      seen.lost += log.filter((text) => text.includes('"conductor-lost"')).length
    }
    // The histories are about something.
    expect(seen.answers).toBeGreaterThan(HISTORIES * 10)
    expect(seen.takeovers).toBeGreaterThan(HISTORIES)
    expect(seen.rounds).toBeGreaterThan(HISTORIES)
    expect(seen.ended).toBeGreaterThan(HISTORIES / 10)
    expect(seen.lost).toBeGreaterThan(0)
  }, 1_800_000)

  test('are the same for the same seed', () => {
    expect(historyOf(7)).toEqual(historyOf(7))
  })

  test('break without the epoch check: the checker sees it', () => {
    const broken = Array.from({ length: 30 }, (_, i) => faultsOf(historyOf(i + 1, UNFENCED)))
    expect(broken.flat().some((fault) => /under epoch \d+ after \d+/.test(fault))).toBe(true)
  }, 60_000)
})
