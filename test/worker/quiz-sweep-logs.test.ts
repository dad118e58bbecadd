import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { DAY, emptyQuiz, HOUR, message, MINUTE, openQuizSweeper, type QuizSweeper, send } from './quiz-sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyQuiz(db))

/** Puts messages into a room, one for each time that is given, so long ago; each is a document of its own. */
const messages = async (kit: QuizSweeper, room: string, times: readonly number[]) => {
  for (const agoMs of times) {
    const rooms = kit.process({ agoMs })
    await send(rooms, room, message)
    await rooms.close()
  }
}

describe('the sweep of the logs of quiz rooms', () => {
  test('takes what is older than the retention and below the snapshot, and nobody reads another room than before', async () => {
    await using kit = await openQuizSweeper(url)
    const room = await kit.group({ agoMs: 50 * HOUR })
    await messages(kit, room, [49 * HOUR, 5 * HOUR, 4 * HOUR])
    const before = await kit.state(room)
    expect(await kit.sweep()).toMatchObject({ deleted: 2 })
    expect((await kit.docs(room)).map(({ seq }) => seq)).toEqual([4, 5])
    expect(await kit.state(room)).toEqual(before)
  })

  test('keeps the snapshot that a killed process did not keep', async () => {
    await using kit = await openQuizSweeper(url)
    const rooms = [
      await kit.hosted({ agoMs: 2 * MINUTE, killed: true }),
      await kit.group({ agoMs: 2 * MINUTE, killed: true }),
    ]
    for (const room of rooms) expect(await kit.snapshot(room)).toBeNull()
    expect(await kit.sweep()).toMatchObject({ repaired: 2 })
    for (const room of rooms) expect(await kit.snapshot(room)).toMatchObject({ users: ['ann'], deleted: false })
  })

  test('leaves the tombstone of an ended room to TTL once its log is gone', async () => {
    await using kit = await openQuizSweeper(url)
    const room = await kit.group({ agoMs: 3 * DAY })
    const past = kit.process({ agoMs: 2 * DAY })
    await send(past, room, { type: 'leave' })
    await past.settled(room)
    await past.settle(room)
    expect(await kit.sweep()).toMatchObject({ deleted: 2, buried: 1 })
    expect(await kit.docs(room)).toEqual([])
    expect((await kit.snapshot(room))?.purgeAt?.getTime() ?? 0).toBeGreaterThan(Date.now() + 29 * DAY)
    expect((await kit.state(room))?.ended).toMatchObject({ reason: 'empty' })
  })

  test('does not look at rooms of a kind that it cannot fold', async () => {
    await using kit = await openQuizSweeper(url)
    const room = await kit.group({ agoMs: HOUR })
    await send(kit.process({ agoMs: 2 * MINUTE, killed: true }), room, message)
    const become = (kind: string) => kit.store.quiz.rooms.updateOne({ _id: room }, { $set: { kind } })
    await become('data')
    expect(await kit.sweep()).toMatchObject({ closed: 0, repaired: 0 })
    await become('GroupPerpetual')
    expect(await kit.sweep()).toMatchObject({ closed: 0, repaired: 1 })
  })
})
