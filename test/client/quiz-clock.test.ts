import { describe, expect, test } from 'bun:test'
import { quizClock } from '../../client/quiz/clock.ts'
import { until } from '../kit/until.ts'
import { singles, WRONG } from '../quiz/cards.ts'
import { group, hosted } from '../quiz/rooms.ts'
import { FakeQuizzes } from './fake-quiz.ts'
import { openedQuiz } from './opened-quiz.ts'

const HOUR = 3_600_000

/** A clock of a device that the service is ahead of by so much, and how far off its estimate is. */
function clockAhead(ahead: number) {
  let local = 10 * HOUR
  let service = local + ahead
  const clock = quizClock(() => local)
  return {
    /** Something that happened so long ago is heard of. */
    hear: (agoMs: number, how: 'heard' | 'learn' = 'heard') => clock[how](service - agoMs),
    /** The device's clock is set forward by so much. */
    set: (ms: number) => void (local += ms),
    pass: (ms: number) => {
      local += ms
      service += ms
    },
    error: () => clock.now() - service,
  }
}

describe('the service`s time', () => {
  test('is the local clock`s until something is heard of', () => {
    expect(clockAhead(0).error()).toBe(0)
  })

  test.each([-HOUR, -500, 0, 500, HOUR])('follows what is heard of as it happens: local clock off by %d ms', (ms) => {
    const clock = clockAhead(ms)
    for (const late of [400, 90, 250, 130]) clock.hear(late)
    expect(clock.error()).toBe(-90)
  })

  test.each([-60_000, 60_000])('follows a local clock that is set meanwhile, by %d ms', (ms) => {
    const clock = clockAhead(0)
    for (let i = 0; i < 5; i++) clock.hear(50)
    clock.set(ms)
    for (let i = 0; i < 16; i++) {
      clock.pass(1_000)
      clock.hear(50)
    }
    expect(clock.error()).toBe(-50)
  })
})

test('a device that is told that its clock is wrong believes it at once', () => {
  const clock = clockAhead(0)
  for (let i = 0; i < 16; i++) clock.hear(50)
  clock.set(5 * HOUR)
  clock.hear(20, 'learn')
  expect(clock.error()).toBe(-20)
})

describe('a countdown', () => {
  test('is right at once for who opens the page in the middle of a question, on a device with a wrong clock', async () => {
    const room = hosted({ guests: ['bob'], cards: singles(2), settings: { lobbyMs: 0, questionMs: 20_000 } })
    const quizzes = new FakeQuizzes()
    quizzes.skewMs = -5 * 60_000
    room.now = quizzes.now() - 12_000
    room.run()
    quizzes.put(room)
    const { quiz } = await openedQuiz(quizzes)
    expect(Math.abs((quiz.remainingMs() ?? 0) - 8_000)).toBeLessThan(500)
  })

  test.each([-HOUR, 0, 3 * 60_000])('is right on a device whose clock is off by %d ms', async (skewMs) => {
    const room = hosted({ guests: ['bob'], cards: singles(2), settings: { lobbyMs: HOUR, questionMs: 20_000 } })
    const quizzes = new FakeQuizzes()
    quizzes.skewMs = skewMs
    room.now = quizzes.now()
    quizzes.put(room)
    const { quiz } = await openedQuiz(quizzes)
    quizzes.inRoom(quiz.id, (it) => {
      it.control({ name: 'start', round: 1 })
      it.run()
    })
    await until(() => quiz.view.game?.phase === 'question', { what: 'the question' })
    expect(Math.abs(quiz.now() - quizzes.now())).toBeLessThan(200)
    const left = quiz.remainingMs() ?? 0
    expect(left).toBeGreaterThan(19_500)
    expect(left).toBeLessThanOrEqual(20_000)
    quizzes.inRoom(quiz.id, (it) => it.control({ name: 'pause' }))
    await until(() => quiz.view.game?.phase === 'pause', { what: 'the pause' })
    const stands = quiz.remainingMs()
    await quiz.message('a moment passes')
    expect(quiz.remainingMs()).toBe(stands)
    quizzes.inRoom(quiz.id, (it) => {
      it.control({ name: 'resume' })
      it.answer('bob', WRONG)
    })
    await until(() => quiz.counts?.answered === 1, { what: 'the count' })
  })

  test('is none without a quiz', async () => {
    const { quiz } = await openedQuiz(group('bob'))
    expect(quiz.remainingMs()).toBeNull()
  })
})
