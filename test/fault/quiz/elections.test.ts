import { expect, test } from 'bun:test'
import { figures } from '../../kit/quiz-epochs.ts'
import { longestGap, type MongoSet, openSet } from '../../kit/quiz-set.ts'
import { lasts, openStage, type Stage } from '../../kit/quiz-stage.ts'

const IS_LONG = process.env.LONG === '1'
/** What passes between two step-downs, ms. */
const PACE_MS = IS_LONG ? 7_000 : 2_500
const STEP_DOWNS = IS_LONG ? 25 : 3
const STOP_MS = IS_LONG ? 20_000 : 16_000
const DEATHS = IS_LONG ? 3 : 1

/** What players noticed beyond the elections: the longest silence of each room. */
const gaps = (set: MongoSet, { play }: Stage) => Promise.all(play.ids.map((room) => longestGap(set, room)))
const say = (name: string, times: readonly number[]) => IS_LONG && process.stderr.write(figures(name, times))

test(`F11: ${STEP_DOWNS} step-downs, one soon after the other, under load: nobody loses a room to another worker`, async () => {
  await using set = await openSet()
  await using stage = await openStage({ ...set, servers: 2 })
  await using _other = await stage.fleet.addWorker()
  for (let i = 0; i < STEP_DOWNS; i++) {
    await stage.goesOn(1)
    await set.outage(set.stepDown)
    await lasts(PACE_MS)
  }
  await stage.goesOn(10)
  expect(stage.holders()).toEqual(stage.play.ids.map(() => stage.child))
  const silences = await gaps(set, stage)
  say('F11 silence beyond the election', silences)
  expect(await stage.judge()).toEqual([])
  expect(Math.max(...silences)).toBeLessThan(5_000)
}, 420_000)

for (const how of ['SIGKILL', 'SIGSTOP'] as const)
  test(`F12: ${how} of the primary under load: no acknowledged answer is lost, and all rooms go on`, async () => {
    const silences: number[] = []
    for (let death = 0; death < DEATHS; death++) {
      await using set = await openSet()
      await using stage = await openStage({ ...set, servers: 2 })
      await using _other = await stage.fleet.addWorker()
      await stage.goesOn(10)
      const old = await set.primary()
      const from = performance.now()
      await set.outage(() => process.kill(set.pid(old), how))
      if (how === 'SIGSTOP') {
        await lasts(Math.max(0, STOP_MS - (performance.now() - from)))
        process.kill(set.pid(old), 'SIGCONT')
      }
      await stage.goesOn(20)
      silences.push(...(await gaps(set, stage)))
      expect(await stage.judge()).toEqual([])
      // A primary that is silent for longer than a lease holds a renewal up in one process and not in the other.
      if (how === 'SIGKILL') expect(stage.holders()).toEqual(stage.play.ids.map(() => stage.child))
    }
    say(`F12 ${how} silence beyond the election`, silences)
    // Who spoke to a primary that is silent gives it up by its own deadlines.
    expect(Math.max(...silences)).toBeLessThan(8_000)
  }, 420_000)
