import { describe, expect, test } from 'bun:test'
import { isAlive } from '../../../server/dev/mongo-data.ts'
import type { WorkerDoc } from '../../../server/store/docs-quiz.ts'
import { useDatabase } from '../../kit/mongo.ts'
import { startAlone } from '../../kit/quiz-alone.ts'
import { figures, recordEpochs } from '../../kit/quiz-epochs.ts'
import { leaseFaults, recordLeases } from '../../kit/quiz-history.ts'
import { startQuizFleet } from '../../kit/quiz-fleet.ts'
import { forgetFormer, PERPETUAL, startPlay } from '../../kit/quiz-play.ts'
import { TAKEN_MS } from '../../kit/quiz-stage.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
const HOSTS = IS_LONG ? 12 : 1

const rows = db.collection<WorkerDoc>('workers')
const both = () =>
  until(
    async () => {
      const found = await rows.find().toArray()
      return found.length === 2 && found
    },
    { what: 'both children', deadlineMs: 20_000 },
  )

describe('F1: workers are killed under load', () => {
  test('a supervisor: its children hand over and exit by themselves, and another worker goes on', async () => {
    const times: number[] = []
    for (let i = 0; i < HOSTS; i++) {
      await forgetFormer(db)
      await using fleet = await startQuizFleet({ url, db, workers: 0 })
      await using leases = await recordLeases(db)
      await using epochs = await recordEpochs(db)
      const alone = startAlone(url)
      const pids = (await both()).map(({ pid }) => pid)
      await using play = await startPlay({ fleet, db, kinds: PERPETUAL })
      await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
      await fleet.addWorker()
      const taken = epochs.takeovers(play.ids)
      alone.kill('SIGKILL')
      times.push(...(await taken))
      await until(() => !pids.some(isAlive), { what: 'the end of the children' })
      const aim = play.answers() + 5
      await until(() => play.answers() >= aim, { what: 'the game goes on' })
      expect(await play.judge()).toEqual([])
      expect(leaseFaults(leases.changes)).toEqual([])
    }
    if (IS_LONG) process.stderr.write(figures('F1 supervisor', times))
    expect(Math.max(...times)).toBeLessThan(TAKEN_MS)
  }, 300_000)

  test('a whole host: another one goes on once its leases are over', async () => {
    const times: number[] = []
    for (let i = 0; i < HOSTS; i++) {
      await forgetFormer(db)
      await using fleet = await startQuizFleet({ url, db, workers: 1 })
      await using leases = await recordLeases(db)
      await using epochs = await recordEpochs(db)
      await using play = await startPlay({ fleet, db, kinds: PERPETUAL })
      await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
      const children = await both()
      const [host] = fleet.workers
      await fleet.addWorker()
      const taken = epochs.takeovers(play.ids)
      // The system ends its children with it.
      await host?.kill('SIGKILL')
      const took = await taken
      times.push(...took)
      expect(Math.min(...took)).toBeGreaterThan(2_000)
      expect(children.some(({ pid }) => isAlive(pid))).toBe(false)
      const aim = play.answers() + 5
      await until(() => play.answers() >= aim, { what: 'the game goes on' })
      expect(await play.judge()).toEqual([])
      expect(leaseFaults(leases.changes)).toEqual([])
    }
    if (IS_LONG) process.stderr.write(figures('F1 host', times))
    expect(Math.max(...times)).toBeLessThan(TAKEN_MS)
  }, 300_000)
})
