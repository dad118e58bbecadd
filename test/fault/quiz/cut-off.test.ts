import { expect, test } from 'bun:test'
import type { EventDoc } from '../../../server/store/docs.ts'
import { useDatabase } from '../../kit/mongo.ts'
import { figures } from '../../kit/quiz-epochs.ts'
import { FAST } from '../../kit/quiz-fleet.ts'
import { PERPETUAL } from '../../kit/quiz-play.ts'
import { lasts, openStage, proxied, seriesOf, type Stage, TAKEN_MS } from '../../kit/quiz-stage.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'
const CUTS = IS_LONG ? 10 : 1
/** When a holder stands still by itself (worker/conduct/run.ts), and what the way to a log and its stamps may differ by, ms. */
const DEADLINE_MS = (Number(FAST.LEASE_MS) * 2) / 3
const SLACK_MS = 700

/** I8: what a worker's child formed under its old epochs after that time, by mongod's clock. */
async function lateOf(stage: Stage, before: number, cutAt: number): Promise<string[]> {
  const docs = await db
    .collection<EventDoc>('quizEvents')
    .find({ at: { $gt: new Date(cutAt + DEADLINE_MS + SLACK_MS) } })
    .toArray()
  const old = new Map(stage.play.ids.map((room) => [room, stage.epochs.of(room)[before]?.epoch ?? 0]))
  return docs.flatMap(({ room, body }) => {
    const events: { type: string; epoch?: number }[] = JSON.parse(body)
    return events.filter(({ epoch }) => epoch !== undefined && epoch <= (old.get(room) ?? 0)).map(({ type }) => type)
  })
}
const mongodNow = async (): Promise<number> => (await db.command({ hello: 1 })).localTime.getTime()

for (const how of ['refused', 'swallowed'] as const)
  test(`F7: a worker whose words to the database are ${how} stands still at its deadline, loses its rooms, and comes back`, async () => {
    await using proxy = await proxied(db)
    const first = { MONGODB_URL: proxy.mongoUrl }
    await using stage = await openStage({ url, db, kinds: PERPETUAL, first })
    await stage.goesOn()
    const times: number[] = []
    let other = await stage.fleet.addWorker()
    for (let cut = 0; cut < CUTS; cut++) {
      const rooms = stage.epochs.heldBy(stage.child)
      const fences = await seriesOf(stage.worker, 'foyer_self_fences_total')
      const cutAt = await mongodNow()
      const taken = stage.epochs.takeovers(rooms)
      if (how === 'refused') proxy.aim(null)
      if (how === 'refused') proxy.cutAll()
      else proxy.stall()
      times.push(...(await taken))
      // Its metrics are its own process's: they need no database.
      const fenced = await seriesOf(stage.worker, 'foyer_self_fences_total')
      expect(fenced - fences).toBe(rooms.length)
      await stage.goesOn()
      await lasts(1_000)
      if (how === 'refused') proxy.whole()
      else proxy.heal()
      await until(async () => (await seriesOf(stage.worker, 'foyer_conductors')) === 0, { what: 'it drops its rooms' })
      await stage.goesOn(10)
      if (cut === 0) expect(await lateOf(stage, 0, cutAt)).toEqual([])
      // It takes them back from whoever ends.
      const back = stage.epochs.takeovers(rooms)
      await other.stop()
      await back
      expect(stage.holders()).toEqual(stage.holders().map(() => stage.child))
      other = await stage.fleet.addWorker()
      await stage.allGoOn()
    }
    if (IS_LONG) process.stderr.write(figures(`F7 ${how}`, times))
    expect(Math.max(...times)).toBeLessThan(TAKEN_MS)
    expect(await stage.judge()).toEqual([])
  }, 300_000)
