import { describe, expect, test } from 'bun:test'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import { remaining } from '../../shared/quiz/conductor/clock.ts'
import type { Phase } from '../../shared/quiz/conductor/game.ts'
import { CARDS, RIGHT, singles } from './cards.ts'
import { type MemoryQuiz, user, WORKER } from './memory.ts'
import { conducted, hosted, solo } from './rooms.ts'

const SECONDS: Partial<QuizPayload> = {
  lobbyMs: 1_000,
  questionMs: 5_000,
  graceMs: 500,
  revealMs: 2_000,
  scoreboardMs: 1_000,
  endMs: 3_000,
  silentAfter: null,
}
const left = (room: MemoryQuiz) => remaining(room.game.clock, room.now)
/** The phases and the time at which each began. */
const phasesOf = (room: MemoryQuiz) =>
  room.states.flatMap(({ game, at }, i) => {
    const before = room.states[i - 1]?.game
    return game !== null && (game.phase !== before?.phase || game.asked.length !== before.asked.length)
      ? [`${game.phase} ${at}`]
      : []
  })

describe('at its own pace', () => {
  test('a quiz goes from lobby to question, reveal, scoreboard, end and lobby by itself', () => {
    const room = hosted({ settings: SECONDS, cards: singles(2) })
    room.pass(23_500)
    expect(phasesOf(room)).toEqual([
      'lobby 1000',
      'question 2000',
      'reveal 7500',
      'scoreboard 9500',
      'question 10500',
      'reveal 16000',
      'scoreboard 18000',
      'end 19000',
      'lobby 22000',
      'question 23000',
    ])
    expect(room.game).toMatchObject({ round: 2, previous: { round: 1 } })
  })

  test('a card has the time that it says, else the room`s', () => {
    const room = hosted({ settings: { ...SECONDS, lobbyMs: 0 } })
    room.run()
    expect(left(room)).toBe(5_000)
    room.pass(8_500)
    expect(room.game.asked.at(-1)?.card.id).toBe('typed')
    expect(left(room)).toBe(10_000)
  })

  test('nothing begins in an empty room', () => {
    const room = hosted({ settings: SECONDS })
    room.does({ type: 'leave' }, user('ann'))
    room.pass(60_000)
    expect(room.game.phase).toBe('lobby')
  })

  test('a shuffled round has all of the deck`s cards, or as many as it wants, in an order of its own', () => {
    const room = hosted({ settings: { ...SECONDS, lobbyMs: 0, shuffle: true, questions: 20 }, cards: singles(30) })
    room.run()
    expect(new Set(room.game.order).size).toBe(20)
    expect(room.game.order).not.toEqual(room.game.order.toSorted())
  })

  test('a card that its deck has lost meanwhile is passed over; a changed one is asked as it is now', () => {
    const [first, second, third, fourth] = singles(4)
    if (!first || !second || !third || !fourth) throw new Error('there are four')
    const room = conducted({ settings: { ...SECONDS, lobbyMs: 0 }, cards: [first, second, third, fourth] })
    room.run()
    const cards = [{ ...third, prompt: 'changed' }]
    room.pass(8_500, { cards })
    expect(room.game.asked.at(-1)?.card).toMatchObject({ id: 'q2', prompt: 'changed' })
    room.pass(8_500, { cards })
    expect(room.game.phase).toBe('end')
  })

  test('a deck without cards leaves a lobby that waits for a host; an evanescent room ends', () => {
    const room = hosted({ settings: SECONDS, cards: [] })
    room.pass(60_000)
    expect(room.game).toMatchObject({ phase: 'lobby', clock: { ms: null } })
    expect(room.events.filter(({ type }) => type === 'lobby.opened')).toHaveLength(1)
    room.control({ name: 'start', round: 1 })
    room.run({ cards: CARDS })
    expect(room.game.phase).toBe('question')
    const short = solo({ settings: SECONDS, cards: [] })
    short.pass(1_000)
    expect(short.it.ended?.reason).toBe('no-cards')
  })
})

describe('at the host`s pace', () => {
  test('lobby, reveal and scoreboard wait for the host; a question ends by its time', () => {
    const room = conducted({ settings: { ...SECONDS, pace: 'host' }, cards: singles(1) })
    room.pass(100_000)
    expect(room.game.phase).toBe('lobby')
    room.control({ name: 'start', round: 1 })
    room.pass(5_499)
    expect(room.game.phase).toBe('question')
    room.pass(1)
    for (const phase of ['reveal', 'scoreboard', 'end'] as const) {
      expect(room.game.phase).toBe(phase)
      room.pass(100_000)
      expect(room.game.phase).toBe(phase)
      room.control({ name: 'next', round: 1, question: 0 })
      room.run()
    }
    room.control({ name: 'start', round: 2 })
    room.run()
    expect(room.game).toMatchObject({ phase: 'question', round: 2 })
  })

  test('a host`s word is for one phase: the next reveal waits again', () => {
    const room = conducted({ settings: { ...SECONDS, pace: 'host' }, cards: singles(2) })
    room.control({ name: 'start', round: 1 })
    for (const question of [0, 1]) {
      room.pass(5_500)
      expect([room.game.phase, room.game.asked.length]).toEqual(['reveal', question + 1])
      room.control({ name: 'next', round: 1, question })
      room.run()
      expect(room.game.phase).toBe('scoreboard')
      room.control({ name: 'next', round: 1, question })
      room.run()
    }
    expect(room.game.phase).toBe('end')
  })

  test('a host ends a round at once: the open question counts for nobody', () => {
    const room = conducted({ guests: ['bob'], settings: { ...SECONDS, pace: 'host' }, cards: singles(2) })
    room.control({ name: 'start', round: 1 })
    room.run()
    room.answer('ann', RIGHT)
    room.control({ name: 'end', round: 1 })
    room.run()
    expect(room.game).toMatchObject({ phase: 'end', asked: [] })
    expect(room.game.players.flat().map(([, { points }]) => points)).toEqual([0, 0])
  })
})

describe('a pause', () => {
  test.each<[Phase, number]>([
    ['lobby', 300],
    ['question', 2_300],
    ['reveal', 7_200],
    ['scoreboard', 8_800],
  ])('in the %s freezes what is left, and gives it back', (phase, at) => {
    const room = hosted({ settings: SECONDS, cards: singles(2) })
    room.pass(at)
    expect(room.game.phase).toBe(phase)
    const before = left(room)
    room.control({ name: 'pause' })
    room.pass(30_000)
    expect([room.game.phase, left(room)]).toEqual([phase, before])
    room.control({ name: 'resume' })
    expect(left(room)).toBe(before)
    room.pass((before ?? 0) + 500)
    expect(room.game.phase).not.toBe(phase)
  })

  test('outlives the conductor and its dormancy', () => {
    const room = hosted({ settings: { ...SECONDS, lobbyMs: 0 }, cards: singles(2) })
    room.pass(2_000)
    room.control({ name: 'pause' })
    room.does({ type: 'conductorReleased', epoch: 1, why: 'dormant' }, WORKER)
    room.now += 3_600_000
    room.startConductor('w2')
    room.pass(60_000)
    expect(left(room)).toBe(3_000)
    room.control({ name: 'resume' })
    expect(left(room)).toBe(3_000)
  })

  test('takes no answers; more time can be given in it', () => {
    const room = hosted({ settings: { ...SECONDS, lobbyMs: 0 }, cards: singles(2) })
    room.run()
    room.control({ name: 'pause' })
    expect(room.answer('ann', RIGHT)).toEqual({ rule: 'wrong-phase' })
    room.control({ name: 'extend', round: 1, question: 0, ms: 7_000 })
    room.control({ name: 'resume' })
    expect(left(room)).toBe(12_000)
  })
})

describe('another conductor', () => {
  test.each<[Phase, number]>([
    ['lobby', 300],
    ['question', 2_300],
    ['reveal', 7_200],
    ['scoreboard', 8_800],
    ['end', 18_500],
  ])('goes on in the %s as if it were the first, from the log alone', (phase, at) => {
    const [one, two] = [0, 1].map(() => hosted({ settings: SECONDS, cards: singles(2) }))
    if (one === undefined || two === undefined) throw new Error('there are two')
    for (const room of [one, two]) room.pass(at)
    expect(one.game.phase).toBe(phase)
    two.startConductor('w2')
    for (const room of [one, two]) room.pass(10_000)
    expect(phasesOf(two)).toEqual(phasesOf(one))
  })

  test('after a dormant one resumes at the same question, with its time and its scores', () => {
    const room = hosted({ guests: ['bob'], settings: { ...SECONDS, lobbyMs: 0 }, cards: singles(2) })
    room.run()
    room.answer('bob', RIGHT)
    room.pass(1_000)
    room.does({ type: 'conductorReleased', epoch: 1, why: 'dormant' }, WORKER)
    room.now += 86_400_000
    room.startConductor('w2')
    expect([room.game.phase, left(room)]).toEqual(['question', 4_000])
    room.pass(4_500)
    expect(room.game.players.flat().find(([name]) => name === 'bob')?.[1].points).toBe(1_000)
  })

  test('after a handover has what time the question has left: it went on', () => {
    const room = hosted({ settings: { ...SECONDS, lobbyMs: 0 }, cards: singles(2) })
    room.pass(1_000)
    room.does({ type: 'conductorReleased', epoch: 1, why: 'handover' }, WORKER)
    room.now += 500
    room.startConductor('w2')
    expect(left(room)).toBe(3_500)
  })
})
