import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { DAY, emptyQuiz, HOUR, message, openQuizSweeper, type QuizSweeper, send } from './quiz-sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyQuiz(db))
const LONG_AGO = 366 * DAY

/** Somebody's stream of a room was open so long ago. */
const watched = async (kit: QuizSweeper, room: string, agoMs: number) => {
  const at = new Date(Date.now() - agoMs)
  const purgeAt = new Date(Date.now() + HOUR)
  await kit.store.audience.insert({ _id: crypto.randomUUID(), room, server: 's', users: ['ann'], at, purgeAt })
}

describe('the sweep of quiz rooms that nobody uses', () => {
  test('closes perpetual rooms without any event for QUIZ_IDLE_MS, by an event of their log', async () => {
    await using kit = await openQuizSweeper(url)
    const rooms = [await kit.hosted({ agoMs: LONG_AGO }), await kit.group({ agoMs: LONG_AGO })]
    expect(await kit.sweep()).toMatchObject({ closed: 2, lost: 0 })
    for (const room of rooms) {
      expect((await kit.events(room)).at(-1) ?? null).toMatchObject({
        type: 'room.ended',
        reason: 'idle',
        by: 'worker',
      })
      expect((await kit.state(room))?.ended).toMatchObject({ reason: 'idle', returnTo: null })
      expect(await kit.snapshot(room)).toMatchObject({ deleted: true })
    }
    expect(await kit.sweep()).toMatchObject({ closed: 0 })
  })

  test('leaves a room alone in which something happened since', async () => {
    await using kit = await openQuizSweeper(url)
    const room = await kit.group({ agoMs: LONG_AGO })
    await send(kit.process({ agoMs: 364 * DAY }), room, message)
    expect(await kit.sweep()).toMatchObject({ closed: 0 })
    expect((await kit.state(room))?.ended).toBeNull()
  })

  test('leaves a room alone that somebody watches, and for as long again after that', async () => {
    await using kit = await openQuizSweeper(url)
    const room = await kit.group({ agoMs: LONG_AGO })
    const other = await kit.group({ agoMs: LONG_AGO })
    await watched(kit, room, 0)
    expect(await kit.sweep()).toMatchObject({ closed: 1 })
    await db.collection('audience').deleteMany({})
    expect(await kit.sweep()).toMatchObject({ closed: 0 })
    expect((await kit.state(room))?.ended).toBeNull()
    expect((await kit.state(other))?.ended).not.toBeNull()
    const seenAt = new Date(Date.now() - LONG_AGO)
    await kit.store.quiz.rooms.updateOne({ _id: room }, { $set: { seenAt } })
    expect(await kit.sweep()).toMatchObject({ closed: 1 })
  })

  test('notes once a day that a room is watched in which nothing happens', async () => {
    await using kit = await openQuizSweeper(url)
    const quiet = await kit.group({ agoMs: 2 * DAY })
    const lively = await kit.group()
    for (const room of [quiet, lively]) await watched(kit, room, 0)
    const now = new Date()
    expect(await kit.store.quizSweep.markSeen(now)).toBe(1)
    expect((await kit.snapshot(quiet))?.seenAt).toEqual(now)
    expect(await kit.store.quizSweep.markSeen(new Date(now.getTime() + HOUR))).toBe(0)
    const tomorrow = new Date(now.getTime() + 25 * HOUR)
    // By then the other room is quiet as well.
    expect(await kit.store.quizSweep.markSeen(tomorrow)).toBe(2)
    expect((await kit.snapshot(quiet))?.seenAt).toEqual(tomorrow)
  })

  test('is not for evanescent rooms: those end with their conductor', async () => {
    await using kit = await openQuizSweeper(url)
    const room = await kit.solo({ agoMs: LONG_AGO })
    await kit.store.leases.claim({
      ...{ room, epoch: 0, worker: 'w', claim: 'c', host: 'h' },
      mayTakeOver: false,
    })
    expect(await kit.sweep()).toMatchObject({ closed: 0, lost: 0 })
    expect((await kit.state(room))?.ended).toBeNull()
  })

  test('is done once by several workers at once', async () => {
    await using kit = await openQuizSweeper(url)
    const rooms = await Promise.all(Array.from({ length: 10 }, () => kit.group({ agoMs: LONG_AGO })))
    const workers = Array.from({ length: 3 }, () => kit.worker())
    const swept = await Promise.all(workers.map((worker) => worker.sweep()))
    expect(swept.reduce((sum, { closed }) => sum + closed, 0)).toBe(10)
    for (const room of rooms)
      expect((await kit.events(room)).filter(({ type }) => type === 'room.ended')).toHaveLength(1)
  })
})
