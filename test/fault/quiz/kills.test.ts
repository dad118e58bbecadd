import { describe, expect, test } from 'bun:test'
import { FAILPOINTS } from '../../../worker/conduct/failpoint.ts'
import { useDatabase } from '../../kit/mongo.ts'
import { figures, recordEpochs } from '../../kit/quiz-epochs.ts'
import { leaseFaults, recordLeases } from '../../kit/quiz-history.ts'
import { type QuizFleet, startQuizFleet } from '../../kit/quiz-fleet.ts'
import { forgetFormer, PERPETUAL, startPlay } from '../../kit/quiz-play.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
/** Workers start anew after each batch: a child that is killed again and again starts later and later. */
const BATCHES = IS_LONG ? 34 : 1
const KILLS = IS_LONG ? 6 : 3
const say = (text: string) => IS_LONG && process.stderr.write(text)

describe('F1: conductors are killed under load', () => {
  test(
    `${BATCHES * KILLS} times at random: another one goes on within two seconds`,
    async () => {
      const times: number[] = []
      for (let batch = 0; batch < BATCHES; batch++) {
        await forgetFormer(db)
        await using fleet = await startQuizFleet({ url, db, workers: 2 })
        await using leases = await recordLeases(db)
        await using epochs = await recordEpochs(db)
        await using play = await startPlay({ fleet, db, kinds: PERPETUAL })
        await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
        for (let kill = 0; kill < KILLS; kill++) {
          const aim = play.answers() + 1 + Math.floor(Math.random() * 10)
          await until(() => play.answers() >= aim, { what: `${aim} answers` })
          const room = play.ids[kill % play.ids.length] ?? ''
          await until(() => epochs.holder(room), { what: 'somebody conducts' })
          const { _id: worker, pid } = await fleet.holder(room)
          const taken = epochs.takeovers(epochs.heldBy(worker))
          process.kill(pid, 'SIGKILL')
          times.push(...(await taken))
        }
        const aim = play.answers() + 5
        await until(() => play.answers() >= aim, { what: 'the game goes on' })
        expect(await play.judge()).toEqual([])
        expect(leaseFaults(leases.changes)).toEqual([])
      }
      say(figures('F1 child at random', times))
      expect(times.length).toBeGreaterThanOrEqual(BATCHES * KILLS)
      expect(Math.max(...times)).toBeLessThan(2_000)
    },
    IS_LONG ? 600_000 : 60_000,
  )

  for (const name of FAILPOINTS)
    test(`at ${name}: the next one goes on from what stands in the log`, async () => {
      await forgetFormer(db)
      await using fleet = await startQuizFleet({ url, db, workers: 0 })
      await using leases = await recordLeases(db)
      await using epochs = await recordEpochs(db)
      const bad = await fleet.addWorker({ FAILPOINT: name, WORKER_CHILDREN: '1' })
      await using play = await startPlay({ fleet, db, kinds: PERPETUAL })
      // Only whoever sees a holder die leaves its lease to the next one under another epoch.
      const deaths = () => leases.changes.filter(({ status, epoch }) => status === 'wanted' && (epoch ?? 0) > 0)
      if (name === 'midRelease') await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
      else await until(() => deaths().length > 0, { what: 'the first death' })
      const good = fleet.addWorker()
      await bad.stop()
      expect(deaths().length).toBeGreaterThan(0)
      await good
      for (const room of play.ids) await conducted(fleet, room)
      const aim = play.answers() + 10
      await until(() => play.answers() >= aim, { what: 'the game goes on', deadlineMs: 10_000 })
      expect(await play.judge()).toEqual([])
      expect(leaseFaults(leases.changes)).toEqual([])
    }, 60_000)
})

/** Its lease is held, by who lives. */
const conducted = (fleet: QuizFleet, room: string) =>
  until(async () => (await fleet.lease(room))?.status === 'held' && (await fleet.holder(room)), {
    what: 'the next one conducts',
    deadlineMs: 20_000,
  })
