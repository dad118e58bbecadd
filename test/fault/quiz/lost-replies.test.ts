import { describe, expect, test } from 'bun:test'
import { useDatabase } from '../../kit/mongo.ts'
import { leaseFaults, readLines, recordLeases, roomFaults } from '../../kit/quiz-history.ts'
import { startQuizFleet } from '../../kit/quiz-fleet.ts'
import { ALL_KINDS, forgetFormer, PERPETUAL, startPlay } from '../../kit/quiz-play.ts'
import { deckFor, quickly, watch } from '../../kit/quiz.ts'
import { singles } from '../../quiz/cards.ts'
import { HEARTBEAT, openStage, proxied, TAKEN_MS } from '../../kit/quiz-stage.ts'
import { recordEpochs } from '../../kit/quiz-epochs.ts'
import { until } from '../../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const ROUNDS = process.env.LONG === '1' ? 25 : 3

describe('F10: the reply is lost', () => {
  test('of the first claims: each room is conducted under the epoch of the very claim', async () => {
    await forgetFormer(db)
    await using proxy = await proxied(db)
    await using fleet = await startQuizFleet({ url, db, workers: 0, env: { WORKER_CHILDREN: '1' } })
    await using leases = await recordLeases(db)
    await using epochs = await recordEpochs(db)
    await fleet.addWorker({ MONGODB_URL: proxy.mongoUrl })
    proxy.cut({ lose: 'reply', text: ['findAndModify', 'crash.notBefore'] })
    await using play = await startPlay({ fleet, db, kinds: ALL_KINDS })
    const began = await Promise.all(play.ids.map((room) => epochs.beganAfter(room, 0)))
    expect(proxy.cuts()).toBe(1)
    expect(began.map(({ epoch }) => epoch)).toEqual(ALL_KINDS.map(() => 1))
    await until(() => play.answers() > 10, { what: 'the game goes on', deadlineMs: 20_000 })
    expect(await play.judge()).toEqual([])
    expect(leaseFaults(leases.changes)).toEqual([])
  }, 60_000)

  const OFTEN = [
    ['an opened question', ['insert', 'quizEvents', 'question.opened']],
    ['a reveal', ['insert', 'quizEvents', 'question.revealed']],
    ['a heartbeat', HEARTBEAT],
  ] as const
  for (const [what, text] of OFTEN)
    test(`of ${what}: it is done once, and nobody else takes the room`, async () => {
      await using proxy = await proxied(db)
      await using stage = await openStage({ url, db, kinds: PERPETUAL, first: { MONGODB_URL: proxy.mongoUrl } })
      await using _other = await stage.fleet.addWorker()
      for (let round = 1; round <= ROUNDS; round++) {
        proxy.cut({ lose: 'reply', text })
        await until(() => proxy.cuts() === round, { what: 'the cut', deadlineMs: 20_000 })
        await stage.goesOn()
        // One loss at a time: a lease lives through it.
        for (let beats = 0; beats < 2; beats++) await stage.heartbeat()
      }
      expect(stage.play.ids.map(stage.epochsOf)).toEqual(stage.play.ids.map(() => [1]))
      expect(await stage.judge()).toEqual([])
    }, 120_000)

  test('of the end of an evanescent room: it ends once, its lease with it, and its player is told', async () => {
    await using proxy = await proxied(db)
    await using stage = await openStage({ url, db, kinds: PERPETUAL, first: { MONGODB_URL: proxy.mongoUrl } })
    proxy.cut({ lose: 'reply', text: ['insert', 'quizEvents', 'room.ended'] })
    const player = await stage.fleet.person(`alone ${crypto.randomUUID()}`)
    const payload = quickly(await deckFor(db, player.id, { cards: singles(1) }), { questionMs: 1_000 })
    const { room } = await player.client.quiz.solo.mutate({ payload })
    using seen = watch(player, room)
    await until(async () => (await stage.fleet.lease(room))?.status === 'ended', {
      what: 'its end',
      deadlineMs: 20_000,
    })
    expect(proxy.cuts()).toBe(1)
    await until(() => seen.end === 'done', { what: 'the word of it', deadlineMs: 10_000 })
    const { lines } = await readLines(db, room)
    expect(lines.filter(({ event }) => event.type === 'room.ended')).toMatchObject([{ event: { reason: 'finished' } }])
    expect(await roomFaults(db, room)).toEqual([])
    expect(await stage.judge()).toEqual([])
  }, 60_000)

  for (const [what, text] of [
    ['the last word in the log', ['insert', 'quizEvents', 'conductor.released']],
    ['the release of the lease', ['update', 'leases', 'wantedAt', 'holder.worker']],
  ] as const)
    test(`of ${what} of a worker that is stopped: the next one goes on`, async () => {
      await using proxy = await proxied(db)
      await using stage = await openStage({ url, db, kinds: ALL_KINDS, first: { MONGODB_URL: proxy.mongoUrl } })
      await stage.goesOn()
      await stage.fleet.addWorker()
      proxy.cut({ lose: 'reply', text })
      const taken = stage.epochs.takeovers(stage.play.ids)
      await stage.worker.stop()
      expect(proxy.cuts()).toBe(1)
      expect(Math.max(...(await taken))).toBeLessThan(TAKEN_MS)
      await stage.goesOn(10)
      expect(await stage.judge()).toEqual([])
    }, 60_000)
})
