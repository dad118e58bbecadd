import assert from 'node:assert/strict'
import type { Contender, Running } from './contenders.ts'
import type { LaneName, Turn } from './lanes.ts'
import { assertGapless, settled } from './foyer-log.ts'

export interface CommitOptions {
  lane: LaneName
  /** Each in turn. */
  writers: readonly number[]
  rooms: number
  rounds: number
  ms: number
  patienceMs: number
}

/** The turns of one contender with one number of writers; of a cut one only that turn. */
export interface Row {
  contender: Contender
  writers: number
  turns: Turn[]
}

/**
 * Commits of all contenders, in turns: one round is A B C, D E F with the next number of writers, and so on. The first round warms up. After
 * each turn what is stored must have grown by exactly what was acknowledged.
 */
export async function benchCommits(all: readonly Contender[], options: CommitOptions): Promise<Row[]> {
  const { lane, rounds, rooms, ms, patienceMs } = options
  const most = Math.max(...options.writers)
  const stands = all
    .filter(({ lanes }) => lanes.includes(lane))
    .map((contender) => stand(contender, () => contender.start({ lane, rooms, writers: most })))
  const rows: Row[] = options.writers.flatMap((writers) =>
    stands.map(({ contender }) => ({ contender, writers, turns: [] })),
  )
  try {
    for (const { ready } of stands) await ready()
    for (let round = 0; round <= rounds; round++) {
      if (lane === 'cold') for (const own of stands) await own.rest()
      for (const row of rows) {
        // Once cut is enough: each costs as much time as all others together.
        if (row.turns.some(({ cut }) => cut)) continue
        const own = stands.find(({ contender }) => contender === row.contender)
        const turn = await own?.turn({ writers: row.writers, ms, patienceMs })
        if (turn !== undefined && (round > 0 || turn.cut)) row.turns.push(turn)
      }
    }
    for (const own of stands) await own.check()
  } finally {
    for (const own of stands) await own.end()
  }
  return rows
}

/** One contender's place: its processes, started when they are needed, and again after a turn that was cut. */
function stand(contender: Contender, start: () => Promise<Running>) {
  let running: Running | null = null
  let sum = 0
  const ready = async (): Promise<Running> => {
    if (running !== null) return running
    running = await start()
    sum = await running.sum()
    return running
  }
  const end = async () => {
    await running?.[Symbol.asyncDispose]()
    running = null
  }
  const turn = async (options: { writers: number; ms: number; patienceMs: number }): Promise<Turn> => {
    const own = await ready()
    const result = await own.turn(options)
    if (result.cut) await end()
    else {
      const now = await own.sum()
      assert.equal(now - sum, result.done, `${contender.name}: what is stored is not what was acknowledged`)
      sum = now
    }
    return result
  }
  const isFoyer = contender.class === 'foyer'
  return {
    contender,
    ready,
    turn,
    end,
    /** Until what Foyer does after its turn is done, so that it disturbs nobody else's. */
    rest: async () => {
      if (isFoyer && running !== null) await settled(running.db)
    },
    check: async () => {
      if (isFoyer && running !== null) await assertGapless(running.db)
    },
  }
}
