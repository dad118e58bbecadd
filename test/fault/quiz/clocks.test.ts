import { expect, test } from 'bun:test'
import { useDatabase } from '../../kit/mongo.ts'
import { ALL_KINDS, PERPETUAL } from '../../kit/quiz-play.ts'
import { lasts, openStage, seriesOf } from '../../kit/quiz-stage.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const HOUR_MS = 3_600_000
/** Longer than two leases. */
const LASTS_MS = process.env.LONG === '1' ? 60_000 : 9_000

/** A process whose clock of the day is wrong, or all of whose clocks go at another rate: from its first line on. */
const skewed = (skew: Record<string, string>) => ({ BUN_OPTIONS: '--preload ./test/kit/skewed-clocks.ts', ...skew })

/** What becomes of rooms whose conductors die, as their leases and their logs tell, in workers with this setting. */
async function traceOf(env: Record<string, string>) {
  await using stage = await openStage({ url, db, kinds: PERPETUAL, first: env })
  const other = await stage.fleet.addWorker(env)
  await stage.goesOn()
  const { pid } = await stage.fleet.holder(stage.play.ids[0] ?? '')
  const taken = stage.epochs.takeovers(stage.play.ids)
  process.kill(pid, 'SIGKILL')
  expect(Math.max(...(await taken))).toBeLessThan(2_000)
  await stage.goesOn(10)
  const trace = stage.play.ids.map((room) => ({
    leases: stage.leases.of(room).map(({ epoch, status, holder }) => ({ epoch, status, isHeld: holder != null })),
    epochs: stage.epochs.of(room).map(({ epoch }) => epoch),
  }))
  const fences = await Promise.all([stage.worker, other].map((one) => seriesOf(one, 'foyer_self_fences_total')))
  const [now] = stage.worker.logs.flatMap((line) => /"time":(\d+)/.exec(line)?.[1] ?? [])
  return { trace, fences, faults: await stage.judge(), aheadMs: Number(now) - Date.now() }
}

test('F5: workers whose clocks are an hour ahead or behind leave the very trace that others leave', async () => {
  const right = await traceOf({})
  expect(right).toMatchObject({ fences: [0, 0], faults: [] })
  for (const ms of [HOUR_MS, -HOUR_MS]) {
    const { aheadMs, ...wrong } = await traceOf(skewed({ SKEW_MS: `${ms}` }))
    expect(Math.abs(aheadMs - ms)).toBeLessThan(HOUR_MS / 2)
    expect(wrong).toEqual({ trace: right.trace, fences: right.fences, faults: right.faults })
  }
}, 240_000)

for (const rate of ['1.5', '0.5'])
  for (const whose of ['holder', 'taker'] as const)
    test(`F5: a ${whose} whose clocks go at a rate of ${rate}: nobody loses a room who lives`, async () => {
      const wrong = skewed({ SKEW_RATE: rate, SWEEP_MS: '1000' })
      await using stage = await openStage({ url, db, kinds: ALL_KINDS, first: whose === 'holder' ? wrong : {} })
      const other = await stage.fleet.addWorker(whose === 'holder' ? { SWEEP_MS: '1000' } : wrong)
      const { logs } = whose === 'holder' ? stage.worker : other
      // The worker's own and its child's.
      const skews = () => logs.filter((line) => line.endsWith(`at a rate of ${rate}`)).length
      await until(() => skews() === 2, { what: 'the wrong clocks', deadlineMs: 20_000 })
      await lasts(LASTS_MS)
      await stage.goesOn(5)
      // The long form may see the last of an evanescent room's questions.
      const ends = stage.play.ids.map((room) => stage.play.seenIn(room).view?.ended?.reason ?? 'finished')
      expect(ends).toEqual(ALL_KINDS.map(() => 'finished'))
      await until(() => stage.play.answers() > 20, { what: 'a game' })
      expect(stage.play.ids.map(stage.epochsOf)).toEqual(stage.play.ids.map(() => [1]))
      expect(await stage.judge()).toEqual([])
    }, 180_000)
