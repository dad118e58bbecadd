import { describe, expect, test } from 'bun:test'
import { connect } from '../../../client/connect.ts'
import type { LeaseDoc } from '../../../server/store/docs-quiz.ts'
import { useDatabase } from '../../kit/mongo.ts'
import { recordEpochs } from '../../kit/quiz-epochs.ts'
import { leaseFaults, recordLeases } from '../../kit/quiz-history.ts'
import { type QuizFleet, startQuizFleet } from '../../kit/quiz-fleet.ts'
import { forgetFormer, startPlay } from '../../kit/quiz-play.ts'
import { tokenOf } from '../../kit/tokens.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const IS_LONG = process.env.LONG === '1'

/** What an operator is told of a room that failed. */
async function failure({ servers }: QuizFleet, room: string, deadlineMs: number) {
  const token = await tokenOf('operator', { role: 'service' })
  const client = connect({ url: servers[0]?.url ?? '', token })
  return until(async () => (await client.worker.list.query()).failed.find((one) => one.room === room), {
    what: 'an operator sees that it failed',
    deadlineMs,
  })
}

/** Milliseconds between the times at which a room was taken. */
const pauses = (times: readonly number[]) => times.slice(1).map((at, i) => at - (times[i] ?? 0))

describe('F17: a conductor that comes to grief again and again', () => {
  test('with its process: it is taken less and less often, is seen as failed, and goes on once it can', async () => {
    await forgetFormer(db)
    await using fleet = await startQuizFleet({ url, db, workers: 0 })
    await using leases = await recordLeases(db)
    await using epochs = await recordEpochs(db)
    const bad = await fleet.addWorker({ FAILPOINT: 'afterClaim', WORKER_CHILDREN: '1' })
    await using play = await startPlay({ fleet, db, kinds: ['HostedPerpetual'] })
    const [room = ''] = play.ids
    const { crashes, again } = await failure(fleet, room, 15_000)
    expect(crashes).toBe(3)
    expect(again?.getTime()).toBeGreaterThan(Date.now() + 1_000)
    const taken = leases.of(room).filter(({ holder }) => holder != null)
    expect(taken.length).toBe(3)
    expect(epochs.of(room)).toEqual([])
    await bad.stop()
    await fleet.addWorker()
    const { at } = await epochs.beganAfter(room, 0, 20_000)
    expect(at - (leases.of(room).find(({ status }) => status === 'failed')?.at ?? at)).toBeGreaterThan(4_500)
    await until(() => play.answers() >= 5, { what: 'the game goes on', deadlineMs: 10_000 })
    expect((await fleet.lease(room))?.crash.count).toBe(0)
    expect(await play.judge()).toEqual([])
    expect(leaseFaults(leases.changes)).toEqual([])
  }, 60_000)

  test('by itself, since its log does not fold: it is seen as failed, and no other room is harmed', async () => {
    await forgetFormer(db)
    await using fleet = await startQuizFleet({ url, db, workers: 2, env: { WORKER_CHILDREN: '1' } })
    await using leases = await recordLeases(db)
    await using epochs = await recordEpochs(db)
    await using play = await startPlay({ fleet, db, kinds: ['HostedPerpetual', 'GroupPerpetual', 'GroupEvanescent'] })
    await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
    const answers = play.answers()
    const room = crypto.randomUUID()
    const event = { _id: room, room, seq: 2, n: 1, prev: null, at: new Date(), body: '[]', origin: 'nobody' }
    await db.collection<typeof event>('quizEvents').insertOne(event)
    await db.collection<LeaseDoc>('leases').insertOne({
      ...{ _id: room, kind: 'HostedPerpetual', desired: 'on', status: 'wanted', epoch: 0, holder: null },
      ...{ acquiredAt: null, renewedAt: null, expiresAt: null, aliveSince: null, wantedAt: new Date() },
      crash: { count: 0, since: null, notBefore: null },
    })
    const { crashes } = await failure(fleet, room, 40_000)
    expect(crashes).toBe(3)
    // It waits for its lease to expire each time.
    const taken = leases.of(room).filter(({ holder }) => holder != null)
    expect(taken.length).toBe(3)
    expect(Math.min(...pauses(taken.map(({ at }) => at)))).toBeGreaterThan(3_500)
    expect(play.answers()).toBeGreaterThan(answers + 20)
    expect(play.ids.map((id) => epochs.epoch(id))).toEqual([1, 1, 1])
    expect(await play.judge()).toEqual([])
    expect(leaseFaults(leases.changes)).toEqual([])
  }, 90_000)

  if (IS_LONG)
    test('by itself, since its deck cannot be read: it is seen as failed, and goes on once it can', async () => {
      await forgetFormer(db)
      await using fleet = await startQuizFleet({ url, db, workers: 2, env: { WORKER_CHILDREN: '1' } })
      await using leases = await recordLeases(db)
      await using epochs = await recordEpochs(db)
      await using play = await startPlay({ fleet, db, kinds: ['HostedPerpetual', 'HostedPerpetual'] })
      const [room = '', other = ''] = play.ids
      await Promise.all(play.ids.map((id) => epochs.beganAfter(id, 0)))
      const { deck } = await play.seenIn(room).until('the room', (view) => view.deck !== null)
      const decks = db.collection<{ _id: string; body: string }>('decks')
      const body = (await decks.findOne({ _id: deck ?? '' }))?.body ?? ''
      await decks.updateOne({ _id: deck ?? '' }, { $set: { body: '{' } })
      const { crashes } = await failure(fleet, room, 150_000)
      expect(crashes).toBe(3)
      expect(epochs.epoch(other)).toBe(1)
      await decks.updateOne({ _id: deck ?? '' }, { $set: { body } })
      const epoch = epochs.epoch(room)
      await epochs.beganAfter(room, epoch, 20_000)
      const answers = play.answers()
      await until(() => play.answers() > answers + 20, { what: 'the game goes on', deadlineMs: 20_000 })
      expect(await play.judge()).toEqual([])
      expect(leaseFaults(leases.changes)).toEqual([])
    }, 300_000)
})
