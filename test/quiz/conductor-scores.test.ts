import { describe, expect, test } from 'bun:test'
import { isScoring, pointsOf } from '../../shared/quiz/conductor/grader.ts'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import { entryOf } from '../../shared/quiz/table.ts'
import { CARDS, card, RIGHT, singles } from './cards.ts'
import type { MemoryQuiz } from './memory.ts'
import { hosted, type Opening } from './rooms.ts'

const SETTINGS: Partial<QuizPayload> = {
  lobbyMs: 0,
  questionMs: 30_000,
  revealMs: 0,
  scoreboardMs: 0,
  silentAfter: null,
}
const asking = ({ settings, ...opening }: Opening): MemoryQuiz => {
  const room = hosted({ ...opening, settings: { ...SETTINGS, ...settings } })
  room.run()
  return room
}
const ann = (room: MemoryQuiz) => {
  const player = entryOf(room.game.players, 'ann')
  if (player === null) throw new Error('ann does not play')
  return player
}
const typed = (id: string) => card(id, { type: 'typed', accepted: ['Paris'], spelling: 'exact' })
const says = (text: string) => ({ type: 'typed', text }) as const

describe('scoring', () => {
  test('by Kahoot`s published example: 2 s of 30 s are 967', () => {
    const room = asking({ cards: singles(2) })
    room.now += 2_000
    room.answer('ann', RIGHT)
    room.run()
    expect(ann(room).points).toBe(967)
  })

  test('adds named rules, each once; what is no rule is none', () => {
    expect(pointsOf('accuracy@1+streak@1', { credit: 1, ms: 0, limitMs: 1, streak: 3 })).toBe(1_300)
    for (const name of ['', '+', 'accuracy', 'accuracy@2', 'accuracy@1+', 'streak@1+streak@1', '__proto__'])
      expect(isScoring(name)).toBe(false)
    for (const name of ['accuracy@1', 'kahoot@1', 'linear@1+streak@1']) expect(isScoring(name)).toBe(true)
  })

  test('does not count the time of a pause, and measures all by the longer time after an extension', () => {
    const room = asking({ cards: singles(2), guests: ['bob'], settings: { scoring: 'linear@1' } })
    room.now += 6_000
    room.control({ name: 'pause' })
    room.now += 60_000
    room.control({ name: 'resume' })
    room.answer('ann', RIGHT)
    room.control({ name: 'extend', round: 1, question: 0, ms: 30_000 })
    room.answer('bob', RIGHT)
    room.run()
    expect(room.game.players.flat().map(([, { points }]) => points)).toEqual([900, 900])
  })

  test('leaves polls and pages alone, and the streak as it was', () => {
    const [single, , , poll, info] = CARDS
    if (!single || !poll || !info) throw new Error('there are such cards')
    const cards = [single, poll, info, { ...single, id: 'again' }]
    const room = asking({ cards, settings: { scoring: 'accuracy@1+streak@1', questionMs: 1_000 } })
    room.answer('ann', RIGHT)
    room.run()
    room.answer('ann', { type: 'poll', choice: 0 })
    room.run()
    expect(ann(room)).toMatchObject({ points: 1_000, streak: 1, marks: [{}, { credit: null, points: 0 }] })
    room.pass(1_500)
    expect(room.game.asked.at(-1)?.card.id).toBe('again')
    room.answer('ann', RIGHT)
    room.run()
    expect(ann(room)).toMatchObject({ points: 2_100, streak: 2 })
  })
})

describe('a typed answer that is right after all', () => {
  const settings = { scoring: 'kahoot@1+streak@1' }
  function played(): MemoryQuiz {
    const room = asking({ cards: [typed('a'), typed('b'), typed('c')], guests: ['bob'], settings })
    for (const text of ['Paname', 'Paris', 'Paris']) {
      room.now += 1_500
      room.answer('ann', says(text))
      room.answer('bob', says('Paris'))
      room.run()
    }
    return room
  }
  const accept = { name: 'accept', round: 1, question: 0, value: 'Paname' } as const

  test('is scored again, with all that follows: later streaks too', () => {
    const room = played()
    const before = ann(room).points
    room.control(accept)
    const bob = entryOf(room.game.players, 'bob')
    expect(ann(room).points).toBeGreaterThan(before)
    expect(ann(room)).toEqual({ ...ann(room), points: bob?.points ?? 0, streak: 3 })
    expect(ann(room).marks.map((mark) => mark?.points)).toEqual(bob?.marks.map((mark) => mark?.points) ?? [])
  })

  test('changes nobody else`s points', () => {
    const room = played()
    const before = entryOf(room.game.players, 'bob')
    room.control(accept)
    expect(entryOf(room.game.players, 'bob')).toEqual(before)
    expect(room.events.at(-1)).toMatchObject({ type: 'answer.accepted' })
  })

  test('is of a typed card, and of one that was revealed', () => {
    const room = asking({ cards: [typed('a'), ...singles(1)], settings })
    expect(room.control(accept)).toEqual({ rule: 'wrong-phase' })
    room.answer('ann', says('Paname'))
    room.run()
    room.answer('ann', RIGHT)
    expect(room.control({ ...accept, question: 1 })).toEqual({ rule: 'wrong-phase' })
    expect(room.control({ ...accept, question: 7 })).toEqual({ rule: 'wrong-phase' })
    expect(room.control({ ...accept, question: -1 })).toEqual({ rule: 'wrong-kind' })
    room.run()
    expect(room.control({ ...accept, question: 1 })).toEqual({ rule: 'wrong-kind' })
    expect(room.control(accept)).toMatchObject({ events: [{ type: 'answer.accepted' }] })
  })

  test('that came late stays worth nothing', () => {
    const room = asking({ cards: [typed('a'), typed('b')], settings: { questionMs: 1_000, graceMs: 0 } })
    room.now += 1_001
    room.answer('ann', says('Paname'))
    room.run()
    room.control(accept)
    expect(ann(room).points).toBe(0)
  })
})
