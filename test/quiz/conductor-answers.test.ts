import { describe, expect, test } from 'bun:test'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import { entryOf } from '../../shared/quiz/table.ts'
import { CARDS, RIGHT, singles, WRONG } from './cards.ts'
import { type MemoryQuiz, user } from './memory.ts'
import { conducted, friends, hosted, type Opening } from './rooms.ts'

const SETTINGS: Partial<QuizPayload> = {
  lobbyMs: 0,
  questionMs: 5_000,
  graceMs: 500,
  revealMs: 2_000,
  scoreboardMs: 1_000,
  silentAfter: null,
}
/** A question that opened at 1,000 and has until 6,000, and 500 more. */
function asking(opening: Opening = {}): MemoryQuiz {
  const room = hosted({
    guests: ['bob'],
    cards: singles(3),
    ...opening,
    settings: { ...SETTINGS, ...opening.settings },
  })
  room.run()
  return room
}
const player = (room: MemoryQuiz, name: string) => {
  const found = entryOf(room.game.players, name)
  if (found === null) throw new Error(`${name} does not play`)
  return found
}
const counted = (late: boolean) => ({ result: { counted: true, late } })

describe('an answer', () => {
  test.each([
    [1_000, false, 0],
    [5_999, false, 4_999],
    [6_000, false, 5_000],
    [6_500, false, 5_000],
    [6_501, true, 5_000],
    [9_000, true, 5_000],
  ])('at %i: late is %p, after %i ms', (at, late, ms) => {
    const room = asking()
    room.now = at
    expect(room.answer('bob', RIGHT)).toMatchObject(counted(late))
    expect(entryOf(room.game.given, 'bob')).toEqual({ value: RIGHT, ms, late })
  })

  test('that is late is kept, and gets no points; never fewer', () => {
    const room = asking()
    room.now = 6_600
    room.answer('bob', RIGHT)
    room.run()
    expect(player(room, 'bob')).toMatchObject({ points: 0, streak: 0, marks: [{ credit: 0, points: 0, late: true }] })
  })

  test('after the reveal is late, whenever it was received: the order in the log decides', () => {
    const room = asking()
    room.pass(5_500)
    expect(room.game.phase).toBe('reveal')
    expect(room.answer('bob', RIGHT, 2_000)).toMatchObject(counted(true))
    expect(player(room, 'bob')).toMatchObject({ points: 0, marks: [{ points: 0, late: true }] })
    expect(room.answer('bob', RIGHT)).toMatchObject({ result: { counted: false } })
  })

  test('that lost races for its slot is not late for it', () => {
    const room = asking()
    room.now = 6_400
    room.does({ type: 'message', text: 'hm', proposal: null }, user('ann'))
    room.now = 6_700
    expect(room.answer('bob', RIGHT, 6_450)).toMatchObject(counted(false))
  })

  test('from a clock of the future is measured by the service`s own', () => {
    const room = asking()
    room.now = 6_501
    expect(room.answer('bob', RIGHT, 99_000)).toMatchObject(counted(true))
    const ahead = asking()
    ahead.now = 3_000
    expect(ahead.answer('bob', RIGHT, 0)).toMatchObject({ events: [{ ms: 0 }] })
  })

  test('is the first one: a second changes nothing, over any number of taps', () => {
    const room = asking()
    room.answer('bob', WRONG)
    for (let i = 0; i < 20; i++)
      expect(room.answer('bob', RIGHT)).toMatchObject({
        events: [{ type: 'command.noted' }],
        result: { counted: false },
      })
    room.pass(5_500)
    expect(player(room, 'bob')).toMatchObject({ points: 0, marks: [{ credit: 0, late: false }] })
  })

  test('to another question or round is none to this one', () => {
    const room = asking()
    const answer = { type: 'answer', value: RIGHT, facts: { receivedAt: 1_000 } } as const
    for (const other of [
      { round: 1, question: 1 },
      { round: 0, question: 0 },
      { round: 2, question: 0 },
      { round: 1, question: -1 },
    ])
      expect(room.refuses({ ...answer, ...other }, user('bob'))).toBe('question-over')
    room.pass(8_500)
    expect(room.game).toMatchObject({ phase: 'question', asked: { length: 2 } })
    expect(room.refuses({ ...answer, round: 1, question: 0 }, user('bob'))).toBe('question-over')
  })

  test('is an occupant`s, and one to this card', () => {
    const room = asking()
    expect(room.answer('stranger', RIGHT)).toEqual({ rule: 'not-occupant' })
    expect(room.answer('bob', { type: 'single', choice: 4 })).toEqual({ rule: 'answer-mismatch' })
    expect(room.answer('bob', { type: 'typed', text: 'x' })).toEqual({ rule: 'answer-mismatch' })
    room.does({ type: 'leave' }, user('bob'))
    expect(room.answer('bob', RIGHT)).toEqual({ rule: 'not-occupant' })
  })

  test('in the lobby, or where there is no conductor, is none', () => {
    const lobby = hosted({ settings: { pace: 'host' } })
    const answer = { type: 'answer', round: 1, question: 0, value: RIGHT, facts: { receivedAt: 1_000 } } as const
    expect(lobby.refuses(answer, user('ann'))).toBe('question-over')
    const room = conducted()
    room.does({ type: 'terminate' }, user('ann'))
    expect(room.refuses(answer, user('ann'))).toBe('no-conductor')
  })

  test('in shuffled positions stands in the log in the card`s own, and is the same for whoever reconnects', () => {
    const [, , ordering] = CARDS
    if (ordering === undefined) throw new Error('there is no such card')
    const room = asking({ cards: [ordering] })
    const values = ['ann', 'bob'].map((name) => {
      room.answer(name, { type: 'ordering', order: [0, 1, 2, 3] })
      return entryOf(room.game.given, name)?.value
    })
    for (const value of values) expect(value).toMatchObject({ type: 'ordering' })
    const orders = room.states.map(({ game }) => game?.salt).filter((salt) => salt)
    expect(new Set(orders).size).toBe(1)
  })
})

describe('when all have answered', () => {
  test('the question ends, at once', () => {
    const room = asking()
    room.answer('bob', RIGHT)
    expect(room.run()).toBe(6_500)
    room.answer('ann', WRONG)
    room.run()
    expect(room.game.phase).toBe('reveal')
    expect(room.events.find(({ type }) => type === 'question.revealed')).toMatchObject({ why: 'answered', at: 1_000 })
  })

  test('that is looked at again when the last one leaves or is not there any more', () => {
    const left = asking()
    left.answer('ann', RIGHT)
    left.does({ type: 'leave' }, user('bob'))
    left.run()
    expect(left.game.phase).toBe('reveal')
    const gone = asking()
    gone.answer('ann', RIGHT)
    gone.run({ present: new Set(['ann', 'bob']) })
    expect(gone.game.phase).toBe('question')
    gone.run({ present: new Set(['ann']) })
    expect(gone.game.phase).toBe('reveal')
  })

  test('nobody there is not all', () => {
    const room = asking()
    room.run({ present: new Set() })
    expect(room.game.phase).toBe('question')
  })

  test('whoever joined meanwhile is waited for: the step is refused, and decided again', () => {
    const room = asking()
    room.answer('ann', RIGHT)
    room.answer('bob', RIGHT)
    const { step } = room.move()
    room.does({ type: 'join', facts: friends() }, user('cy'))
    if (step === null) throw new Error('it wants nothing')
    expect(room.conduct(step)).toMatchObject({ rule: 'version-conflict' })
    room.run()
    expect(room.game.phase).toBe('question')
  })
})

describe('a flash card', () => {
  test('is answered after its reveal, scored by the scoreboard, and worth no haste', () => {
    const room = asking({ cards: CARDS.slice(5), settings: { scoring: 'linear@1' } })
    expect(room.answer('bob', { type: 'flash-card', grade: 'good' })).toEqual({ rule: 'wrong-phase' })
    room.pass(5_500)
    expect(room.game.phase).toBe('reveal')
    room.now += 1_500
    room.answer('bob', { type: 'flash-card', grade: 'good' })
    room.answer('ann', { type: 'flash-card', grade: 'again' })
    expect(player(room, 'bob').points).toBe(0)
    room.pass(5_000)
    expect([player(room, 'bob').points, player(room, 'ann').points]).toEqual([1_000, 0])
  })
})
