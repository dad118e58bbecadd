import { describe, expect, test } from 'bun:test'
import type { WorkerDoc } from '../../../server/store/docs-quiz.ts'
import { useDatabase } from '../../kit/mongo.ts'
import { figures, recordEpochs } from '../../kit/quiz-epochs.ts'
import { lateFaults, leaseFaults, recordLeases } from '../../kit/quiz-history.ts'
import { startQuizFleet } from '../../kit/quiz-fleet.ts'
import { forgetFormer, PERPETUAL, startPlay } from '../../kit/quiz-play.ts'
import { TAKEN_MS } from '../../kit/quiz-stage.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
const PAUSES = IS_LONG ? 10 : 1
const rows = db.collection<WorkerDoc>('workers')
/** For the fast profile: longer than lease and grace; shorter than what a supervisor takes for stuck. */
const SPIN_MS = 6_500

/** Two workers under load; each stop is of the child that conducts the first room. */
async function startPlace(env: Record<string, string> = {}) {
  await forgetFormer(db)
  const held = new AsyncDisposableStack()
  const fleet = held.use(await startQuizFleet({ url, db, workers: 2, env: { WORKER_CHILDREN: '1', ...env } }))
  const leases = held.use(await recordLeases(db))
  const epochs = held.use(await recordEpochs(db))
  const play = held.use(await startPlay({ fleet, db, kinds: PERPETUAL }))
  await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
  const [room = ''] = play.ids
  const goesOn = async (answers: number) => {
    const aim = play.answers() + answers
    await until(() => play.answers() >= aim, { what: `${answers} answers more`, deadlineMs: 15_000 })
  }
  return {
    fleet,
    leases,
    epochs,
    play,
    goesOn,
    /** Who conducts the first room, and of which worker process it is. */
    victim: async () => {
      await goesOn(3)
      const row = await fleet.holder(room)
      const worker = fleet.workers.find(({ logs }) => logs.some((line) => line.includes(row._id)))
      if (worker === undefined) throw new Error('no worker has this child')
      return { ...row, worker, rooms: epochs.heldBy(row._id) }
    },
    /** Ends the game: all that is wrong with it. */
    judge: async () => [
      ...(await play.judge()),
      ...leaseFaults(leases.changes),
      ...(await lateFaults(db, leases.changes)),
    ],
    /** It conducts nothing any more. */
    dropped: (child: string) =>
      until(async () => (await rows.findOne({ _id: child }))?.load === 0, { what: 'it drops its rooms' }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
type Place = Awaited<ReturnType<typeof startPlace>>
type Victim = Awaited<ReturnType<Place['victim']>>

const stoodStill = ({ worker, _id }: Victim) =>
  worker.logs.filter((line) => line.includes('stood still') && line.includes(_id)).length

/** Stops a child until others have all its rooms: how long these had to wait, ms. */
async function stopped(place: Place, victim: Victim, how: 'SIGSTOP' | 'SIGUSR2'): Promise<number[]> {
  const taken = place.epochs.takeovers(victim.rooms)
  process.kill(victim.pid, how)
  const times = await taken
  await place.goesOn(5)
  const before = stoodStill(victim)
  if (how === 'SIGSTOP') process.kill(victim.pid, 'SIGCONT')
  await until(() => stoodStill(victim) > before, { what: 'it wakes up', deadlineMs: SPIN_MS })
  return times
}

describe('F2: conductors are stopped for longer than their lease', () => {
  test('who wakes up commits nothing, and drops its rooms', async () => {
    await using place = await startPlace()
    const times: number[] = []
    for (let i = 0; i < PAUSES; i++) {
      const victim = await place.victim()
      times.push(...(await stopped(place, victim, 'SIGSTOP')))
      await place.dropped(victim._id)
      await place.goesOn(10)
    }
    expect(await place.judge()).toEqual([])
    if (IS_LONG) process.stderr.write(figures('F2', times))
    expect(Math.max(...times)).toBeLessThan(TAKEN_MS)
  }, 300_000)

  test('a whole host that is suspended loses its rooms, and no child of it is killed when it goes on', async () => {
    await using place = await startPlace()
    const victim = await place.victim()
    const pids = [victim.worker.pid, victim.pid]
    const taken = place.epochs.takeovers(victim.rooms)
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    expect(Math.max(...(await taken))).toBeLessThan(TAKEN_MS)
    // Longer than what the supervisor takes for stuck.
    const from = performance.now()
    await until(() => performance.now() - from > 5_000, { what: 'five seconds', deadlineMs: 6_000 })
    for (const pid of pids) process.kill(pid, 'SIGCONT')
    await place.dropped(victim._id)
    await place.goesOn(20)
    expect(victim.worker.logs.join('\n')).not.toContain('is stuck and is killed')
    expect((await rows.findOne({ _id: victim._id }))?.pid).toBe(victim.pid)
    expect(await place.judge()).toEqual([])
  }, 60_000)

  test('who does not wake up is killed by its supervisor', async () => {
    await using place = await startPlace()
    const victim = await place.victim()
    process.kill(victim.pid, 'SIGSTOP')
    await until(() => victim.worker.logs.some((line) => line.includes('a conductor process ended')), {
      what: 'the end of the child',
      deadlineMs: 12_000,
    })
    await place.goesOn(10)
    expect(await place.judge()).toEqual([])
  }, 60_000)

  test('control: without the fence the checker finds what the old conductor goes on to do', async () => {
    await using place = await startPlace({ FENCE: 'off' })
    const victim = await place.victim()
    await stopped(place, victim, 'SIGSTOP')
    await place.goesOn(20)
    const faults = await place.judge()
    expect(faults.filter((fault) => fault.includes('which is not')).length).toBeGreaterThan(0)
  }, 60_000)
})

test('F3: pauses that are shorter than the lease change no room`s conductor', async () => {
  await using place = await startPlace()
  const before = place.play.ids.map((room) => place.epochs.holder(room))
  for (let i = 0; i < 2 * PAUSES; i++) {
    const { pid } = await place.victim()
    process.kill(pid, 'SIGSTOP')
    const ms = 300 + 1_900 * Math.random()
    const from = performance.now()
    await until(() => performance.now() - from > ms, { what: 'the pause' })
    process.kill(pid, 'SIGCONT')
    await place.goesOn(5)
  }
  expect(place.play.ids.map((room) => place.epochs.holder(room))).toEqual(before)
  expect(new Set(place.epochs.turns.map(({ room, holder }) => `${room} ${holder}`)).size).toBe(before.length)
  expect(await place.judge()).toEqual([])
}, 300_000)

test('F4: who stands still in its event loop for longer than the lease commits nothing after it', async () => {
  await using place = await startPlace({ SPIN_MS: `${SPIN_MS}` })
  const times: number[] = []
  for (let i = 0; i < PAUSES; i++) {
    const victim = await place.victim()
    times.push(...(await stopped(place, victim, 'SIGUSR2')))
    await place.dropped(victim._id)
    await place.goesOn(10)
  }
  expect(await place.judge()).toEqual([])
  if (IS_LONG) process.stderr.write(figures('F4', times))
  expect(Math.max(...times)).toBeLessThan(TAKEN_MS)
}, 300_000)
