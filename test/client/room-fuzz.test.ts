import { describe, expect, test } from 'bun:test'
import { alone, history, type Tally } from './room-histories.ts'

/** `LONG=1`: as many as prove something; else what a suite has the time for. */
const [HISTORIES, SOLOS] = process.env.LONG === '1' ? [20_000, 5_000] : [300, 150]
const LIMIT_MS = 3_600_000
const FIRST = Number(process.env.SEED ?? 1)

const seeds = (count: number) => Array.from({ length: count }, (_, nth) => FIRST + nth)

describe('three open rooms that edit at random over bad networks', () => {
  test(
    'end with the data of the server, each edit once in the log, each promise true',
    async () => {
      const faults: string[] = []
      const sum = { edits: 0, done: 0, refused: 0, unknown: 0, undone: 0 }
      for (const seed of seeds(HISTORIES)) {
        const tally: Tally = await history(seed)
        for (const fault of tally.faults) faults.push(`seed ${seed}: ${fault}`)
        sum.edits += tally.edits
        sum.done += tally.done
        sum.refused += tally.refused
        sum.unknown += tally.unknown
        sum.undone += tally.undone
      }
      expect(faults).toEqual([])
      // What was to be tried was tried.
      expect(sum.edits).toBeGreaterThan(HISTORIES * 20)
      expect(sum.done).toBeGreaterThan(sum.edits / 2)
      expect(sum.refused).toBeGreaterThan(sum.edits / 50)
      expect(sum.undone).toBeGreaterThan(HISTORIES)
    },
    LIMIT_MS,
  )

  test(
    'are found out if a client sends its repeats under new ids',
    async () => {
      let found = 0
      for (const seed of seeds(20)) {
        const { faults } = await history(seed, { renames: true })
        if (faults.some((fault) => /twice|was told/.test(fault))) found++
      }
      expect(found).toBeGreaterThan(10)
    },
    LIMIT_MS,
  )
})

describe('one open room', () => {
  test(
    'takes all of its edits back, and has them again',
    async () => {
      let steps = 0
      for (const seed of seeds(SOLOS)) {
        const { before, undone, after, redone, ...tally } = await alone(seed)
        expect({ seed, data: undone }).toEqual({ seed, data: before })
        expect({ seed, data: redone }).toEqual({ seed, data: after })
        steps += tally.steps
      }
      expect(steps).toBeGreaterThan(SOLOS * 5)
    },
    LIMIT_MS,
  )
})
