import { expect, test } from 'bun:test'
import { useDatabase } from '../../kit/mongo.ts'
import { type Epochs, figures, recordEpochs } from '../../kit/quiz-epochs.ts'
import { type LeaseChange, leaseFaults, readLines, recordLeases } from '../../kit/quiz-history.ts'
import { startQuizFleet } from '../../kit/quiz-fleet.ts'
import { ALL_KINDS, forgetFormer, startPlay } from '../../kit/quiz-play.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
const WORKERS = 2
const DEPLOYS = IS_LONG ? 10 : 1
const ROOMS = [...ALL_KINDS, ...ALL_KINDS]

/** How long each room was let go of in its log until the next one began, ms. */
function handOvers({ of }: Epochs, room: string): number[] {
  const turns = of(room)
  return turns.flatMap(({ at, holder }, i) => {
    const before = turns[i - 1]
    return holder !== null && before?.holder === null ? [at - before.at] : []
  })
}

/** How long each time nobody held a lease that had been held, ms. */
function gaps(changes: readonly LeaseChange[]): number[] {
  let since: number | null = null
  return changes.flatMap(({ at, holder }) => {
    const from = since
    if (holder === null) since = at
    if (holder == null || from === null) return []
    since = null
    return [at - from]
  })
}

test(`F19: ${DEPLOYS * WORKERS} workers are stopped by SIGTERM one by one under load: their rooms move at once`, async () => {
  await forgetFormer(db)
  await using fleet = await startQuizFleet({ url, db, servers: 2, workers: WORKERS, env: { WORKER_CHILDREN: '1' } })
  await using leases = await recordLeases(db)
  await using epochs = await recordEpochs(db)
  await using play = await startPlay({ fleet, db, kinds: ROOMS })
  await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
  for (let i = 0; i < DEPLOYS * WORKERS; i++) {
    const aim = play.answers() + 20
    await until(() => play.answers() >= aim, { what: 'the game goes on' })
    const old = fleet.workers[i]
    await fleet.addWorker()
    expect(await old?.stop()).toBe('exit code 0')
    expect(old?.logs.join('\n')).not.toContain('not all conductors were handed over')
  }
  const aim = play.answers() + 20
  await until(() => play.answers() >= aim, { what: 'the game goes on' })
  const moved = play.ids.flatMap((room) => handOvers(epochs, room))
  const without = play.ids.flatMap((room) => gaps(leases.of(room)))
  expect(moved.length).toBeGreaterThanOrEqual(play.ids.length)
  expect(await play.judge()).toEqual([])
  expect(leaseFaults(leases.changes)).toEqual([])
  for (const { room, kind } of play.rooms) {
    if (kind !== 'GroupEvanescent') continue
    const ended = (await readLines(db, room)).lines.at(-1)?.state.ended
    expect(ended?.reason ?? 'finished').toBe('finished')
    expect(handOvers(epochs, room).length).toBeGreaterThan(0)
  }
  if (IS_LONG) process.stderr.write(figures('F19 hand-over', moved) + figures('F19 without a holder', without))
  expect(Math.max(...moved)).toBeLessThan(1_000)
  expect(Math.max(...without)).toBeLessThan(2_000)
}, 300_000)
