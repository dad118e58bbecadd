import { describe, expect, test } from 'bun:test'
import { isMeetEnd, MEET_EDGES, MEET_START, type MeetStep, nextMeetStep } from '../../shared/mailbox/machine.ts'

/** The steps of a walk through the machine, from PUT on. */
const walk = (...replies: string[]) => {
  const steps: (MeetStep | null)[] = [MEET_START]
  for (const reply of replies) {
    const at = steps.at(-1)
    steps.push(at === null || at === undefined ? null : nextMeetStep(at, reply))
  }
  return steps
}

describe('the client of seed 1', () => {
  test('2030 Offer -> 2040 -> 2060, 2070 Created -> 2080: connects as guest', () => {
    expect(walk('offer', 'created')).toEqual(['put', 'join', 'guest'])
  })

  test('2070 Room is full -> 2998', () => {
    expect(walk('offer', 'room-full')).toEqual(['put', 'join', 'full'])
  })

  test('2030 Answer -> 2200 -> 2210: connects as host', () => {
    expect(walk('answer')).toEqual(['put', 'host'])
  })

  test('2030 Room key -> 2300 -> 2320, 2330 NO -> 2300, YES -> 2200: keeps until there is an answer', () => {
    expect(walk('key', 'none', 'none', 'answer')).toEqual(['put', 'keep', 'keep', 'keep', 'host'])
  })

  test('2030 Room is full -> 2998', () => {
    expect(walk('room-full')).toEqual(['put', 'full'])
  })

  test('beyond the seed: an offer that is gone, and a room that was lost, begin again at 2020', () => {
    expect(walk('offer', 'offer-gone', 'key', 'wrong-key', 'offer')).toEqual([
      'put',
      'join',
      'put',
      'keep',
      'put',
      'join',
    ])
  })

  test('any other refusal leads nowhere', () => {
    for (const step of ['put', 'join', 'keep'] as const)
      for (const rule of ['rate-limited', 'offline', 'internal', 'bad-request'])
        expect(nextMeetStep(step, rule)).toBeNull()
  })

  test('has every edge of the seed`s drawing once, and ends only where the drawing does', () => {
    const drawn = MEET_EDGES.flatMap(({ seed }) => (seed === undefined ? [] : [seed.join('-')]))
    expect(new Set(drawn).size).toBe(drawn.length)
    const nodes = new Set(MEET_EDGES.flatMap(({ seed }) => seed ?? []))
    expect([...nodes].sort()).toEqual([2020, 2030, 2040, 2060, 2070, 2080, 2200, 2210, 2300, 2320, 2330, 2998])
    const pairs = MEET_EDGES.map(({ from, reply }) => `${from} ${reply}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    expect(MEET_EDGES.filter(({ from }) => isMeetEnd(from))).toEqual([])
    expect(MEET_EDGES.filter(({ to, seed }) => isMeetEnd(to) && seed?.at(-1) !== 2998)).toEqual([])
  })
})
