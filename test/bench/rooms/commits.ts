import assert from 'node:assert/strict'
import type { Contender } from './contenders.ts'
import { assertGapless } from './foyer-log.ts'
import type { LaneName, Turn } from './lanes.ts'

export interface CommitOptions {
  lane: LaneName
  /** How many write at once: each in turn. */
  writers: readonly number[]
  /** Cold rooms. */
  rooms: number
  rounds: number
  /** How many turns each takes in a round. */
  turns: number
  ms: number
  patienceMs: number
}

/** The turns of one contender with one number of writers; of a cut one only that turn. */
export interface Row {
  contender: Contender
  lane: LaneName
  writers: number
  turns: Turn[]
  /** What is stored beyond what was acknowledged: less than none is lost. Of a rival; Foyer's ends the bench. */
  surplus: number
}

/** How much longer than a turn its warming up takes. */
const WARM = 1.5

const isCut = ({ turns }: Row) => turns.some(({ cut }) => cut)

/**
 * Commits of all contenders, round by round. In each everybody has its turns alone, on a database and on processes of its own:
 * the streams, snapshots and pings of one would be a burden to the others. What is stored grows by exactly what was acknowledged,
 * and in Foyer's logs each event stands once and in its place (foyer-log.ts).
 */
export async function benchCommits(all: readonly Contender[], options: CommitOptions): Promise<Row[]> {
  const { lane, rounds } = options
  const entrants = all.filter(({ lanes }) => lanes.includes(lane))
  const rows = options.writers.flatMap((writers) =>
    entrants.map((contender): Row => ({ contender, lane, writers, turns: [], surplus: 0 })),
  )
  for (let round = 0; round < rounds; round++)
    for (const contender of round % 2 === 0 ? entrants : entrants.toReversed())
      await appear(
        rows.filter((row) => row.contender === contender).flatMap((row) => Array<Row>(options.turns).fill(row)),
        options,
      )
  return rows
}

/** One contender's turns of one round. After a turn that was cut it begins anew. */
async function appear(rows: readonly Row[], options: CommitOptions): Promise<void> {
  // A cut turn costs as much time as those of all others together: once is enough.
  const uncut = (some: readonly Row[]) => some.filter((row) => !isCut(row))
  let left = uncut(rows)
  while (left.length > 0) {
    const done = await take(left, options)
    left = uncut(left.slice(done))
  }
}

/** Takes turns until one is cut; how many it took. */
async function take(rows: readonly Row[], { lane, rooms, ms, patienceMs }: CommitOptions): Promise<number> {
  const [first] = rows
  if (first === undefined) return 0
  const { contender } = first
  await using running = await contender.start({ lane, rooms, writers: Math.max(...rows.map(({ writers }) => writers)) })
  let sum = await running.sum()
  let taken = 0
  let done = 0
  for (const row of rows) {
    taken++
    // Compiled code, connections, caches: with as many writers as are measured then.
    const warm = await running.turn({ writers: row.writers, ms: WARM * ms, patienceMs })
    const turn = warm.cut ? warm : await running.turn({ writers: row.writers, ms, patienceMs })
    row.turns.push(turn)
    if (turn.cut) break
    done += warm.done + turn.done
    // The sum of ten thousand rooms takes a while.
    if (rows[taken] === row) continue
    const now = await running.sum()
    row.surplus += now - sum - done
    sum = now
    done = 0
    const isOwn = contender.class === 'foyer' || contender.class === 'floor'
    if (isOwn) assert.equal(row.surplus, 0, `${contender.name}: what is stored is not what was acknowledged`)
  }
  if (contender.class === 'foyer') await assertGapless(running.db)
  return taken
}
