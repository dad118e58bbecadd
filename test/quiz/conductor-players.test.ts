import { describe, expect, test } from 'bun:test'
import { resultsCsv, resultsOf, standingsOf } from '../../shared/quiz/conductor/results.ts'
import type { QuizPayload } from '../../shared/quiz/settings.ts'
import { entryOf } from '../../shared/quiz/table.ts'
import { card, RIGHT, singles, WRONG } from './cards.ts'
import { type MemoryQuiz, user } from './memory.ts'
import { conducted, friends, hosted, type Opening } from './rooms.ts'

const SETTINGS: Partial<QuizPayload> = {
  lobbyMs: 0,
  questionMs: 4_000,
  graceMs: 0,
  revealMs: 1_000,
  scoreboardMs: 1_000,
  endMs: 1_000,
  silentAfter: null,
  scoring: 'accuracy@1',
}
/** A round: its questions open at 1,000, 7,000, 13,000 … unless all answer before. */
function asking({ settings, ...opening }: Opening = {}): MemoryQuiz {
  const room = hosted({ guests: ['bob'], cards: singles(4), ...opening, settings: { ...SETTINGS, ...settings } })
  room.run()
  return room
}
const player = (room: MemoryQuiz, name: string) => entryOf(room.game.players, name)
const row = (room: MemoryQuiz, name: string) => resultsOf(room.game).rows.find((each) => each.user === name)
const come = (room: MemoryQuiz, name: string) => room.does({ type: 'join', facts: friends() }, user(name))

describe('who comes late', () => {
  test('plays from now on: earlier questions are none of theirs, an open one is', () => {
    const room = asking()
    room.pass(6_500)
    come(room, 'cy')
    expect(room.answer('cy', RIGHT)).toMatchObject({ result: { counted: true, late: false } })
    room.pass(4_000)
    expect(row(room, 'cy')).toMatchObject({ points: 1_000, correct: 1, scored: 1, accuracy: 1 })
  })

  test('in a reveal plays from the next question on', () => {
    const room = asking()
    room.pass(4_500)
    expect(room.game.phase).toBe('reveal')
    come(room, 'cy')
    expect(room.answer('cy', RIGHT)).toEqual({ rule: 'question-over' })
    room.pass(2_000)
    expect(room.answer('cy', RIGHT)).toMatchObject({ result: { late: false } })
  })

  test('plays from zero, where the room says so: what they missed counts', () => {
    const room = asking({ settings: { lateJoin: 'zero' } })
    room.pass(6_500)
    come(room, 'cy')
    room.answer('cy', RIGHT)
    room.pass(4_000)
    expect(row(room, 'cy')).toMatchObject({ points: 1_000, correct: 1, scored: 2, accuracy: 0.5 })
  })

  test('in a reveal has no part in what was scored before', () => {
    const room = asking({ settings: { lateJoin: 'zero' } })
    room.pass(4_500)
    come(room, 'cy')
    expect(room.answer('cy', RIGHT)).toEqual({ rule: 'question-over' })
    expect(room.answer('bob', RIGHT)).toMatchObject({ result: { late: true } })
  })

  test('looks on, where the room says so, until the next round', () => {
    const room = asking({ settings: { lateJoin: 'spectator' }, cards: singles(1) })
    come(room, 'cy')
    expect(room.answer('cy', RIGHT)).toEqual({ rule: 'not-playing' })
    room.answer('ann', RIGHT)
    room.answer('bob', RIGHT)
    room.run()
    expect(room.game.phase).toBe('reveal')
    expect(row(room, 'cy')).toBeUndefined()
    room.pass(3_000)
    expect(room.game).toMatchObject({ round: 2, phase: 'question' })
    expect(room.answer('cy', RIGHT)).toMatchObject({ result: { late: false } })
  })

  test('by invitation into a group`s room is late, too', () => {
    const room = conducted({ guests: ['bob'], cards: singles(2), settings: SETTINGS })
    room.run()
    room.does({ type: 'invite', user: 'cy', facts: friends('cy') }, user('bob'))
    expect(room.answer('cy', RIGHT)).toMatchObject({ result: { counted: true } })
  })
})

describe('who leaves and comes back, any number of times,', () => {
  test('has the same points, streak and given answer', () => {
    const room = asking()
    room.answer('ann', WRONG)
    room.answer('bob', RIGHT)
    room.pass(2_000)
    room.answer('bob', RIGHT)
    for (let i = 0; i < 20; i++) {
      room.does({ type: 'leave' }, user('bob'))
      come(room, 'bob')
    }
    expect(room.answer('bob', WRONG)).toMatchObject({ result: { counted: false } })
    room.pass(5_000)
    expect(player(room, 'bob')).toMatchObject({ points: 2_000, streak: 2 })
  })
})

describe('silent occupants', () => {
  const silent = { cards: singles(9), settings: { silentAfter: 2 } }
  const of = (room: MemoryQuiz, type: 'occupant.warned' | 'occupant.kicked') =>
    room.events.filter((event) => event.type === type)

  test('are warned after so many questions, then kicked after one more; the owner never', () => {
    const room = asking(silent)
    room.pass(11_000)
    expect(of(room, 'occupant.warned')).toMatchObject([{ users: ['bob'], epoch: 1 }])
    expect(of(room, 'occupant.kicked')).toEqual([])
    room.pass(6_000)
    expect(of(room, 'occupant.kicked')).toMatchObject([{ user: 'bob', reason: 'silent' }])
    come(room, 'bob')
    room.pass(6_000)
    expect(room.it.occupants).toEqual(['ann', 'bob'])
    room.pass(30_000)
    expect(room.it.occupants).toEqual(['ann'])
  })

  test('never while paused', () => {
    const room = asking(silent)
    room.pass(9_999)
    room.now += 1
    const reveal = { type: 'reveal', round: 1, question: 1, why: 'deadline', absent: [] } as const
    expect(room.conduct(reveal)).toMatchObject({ events: [{ type: 'question.revealed' }] })
    room.control({ name: 'pause' })
    room.pass(600_000)
    expect(of(room, 'occupant.warned')).toEqual([])
    expect(room.conduct({ type: 'warn', users: ['bob'] })).toMatchObject({ rule: 'version-conflict' })
    room.control({ name: 'resume' })
    room.run()
    expect(of(room, 'occupant.warned')).toHaveLength(1)
  })

  test.each(['answer', 'late answer', 'message'])('are not silent any more after a %s', (life) => {
    const room = asking(silent)
    room.pass(11_000)
    if (life === 'answer') {
      room.pass(1_500)
      room.answer('bob', WRONG)
    } else if (life === 'late answer') room.answer('bob', WRONG)
    else room.does({ type: 'message', text: 'here', proposal: null }, user('bob'))
    room.pass(6_000)
    expect(room.it.occupants).toContain('bob')
    expect(player(room, 'bob')?.warned).toBe(false)
  })

  test('in a group are not even warned', () => {
    const room = conducted({ guests: ['bob'], ...silent, settings: { ...SETTINGS, silentAfter: 1 } })
    room.pass(60_000)
    expect([...of(room, 'occupant.warned'), ...of(room, 'occupant.kicked')]).toEqual([])
  })

  test('are not those who had nothing to answer', () => {
    const info = card('page', { type: 'info' })
    const room = asking({ cards: [info, { ...info, id: 'b' }, { ...info, id: 'c' }], settings: { silentAfter: 1 } })
    room.pass(60_000)
    expect(of(room, 'occupant.warned')).toEqual([])
  })
})

describe('results', () => {
  function played(): MemoryQuiz {
    const room = asking({ guests: ['bob', '=cmd'], cards: singles(2) })
    room.answer('ann', WRONG)
    room.answer('bob', RIGHT)
    room.answer('=cmd', RIGHT)
    room.pass(2_000)
    room.answer('bob', RIGHT)
    room.pass(6_000)
    return room
  }

  test('rank by points, equals alike', () => {
    const room = played()
    expect(standingsOf(room.game).list).toEqual([
      { user: 'bob', rank: 1, points: 2_000 },
      { user: '=cmd', rank: 2, points: 1_000 },
      { user: 'ann', rank: 3, points: 0 },
    ])
    const even = asking()
    expect(standingsOf(even.game).list).toEqual([])
    even.pass(4_000)
    expect(standingsOf(even.game).list.map(({ rank }) => rank)).toEqual([1, 1])
  })

  test('are a table per player and question', () => {
    const { rows } = resultsOf(played().game)
    expect(rows.map(({ user: name, correct, scored, accuracy }) => [name, correct, scored, accuracy])).toEqual([
      ['bob', 2, 2, 1],
      ['=cmd', 1, 2, 0.5],
      ['ann', 0, 2, 0],
    ])
    expect(rows.map(({ marks }) => marks.map((mark) => mark?.points ?? null))).toEqual([
      [1_000, 1_000],
      [1_000, null],
      [0, null],
    ])
  })

  test('go out as CSV that no spreadsheet runs', () => {
    const [head, first, second] = resultsCsv(resultsOf(played().game)).split('\r\n')
    expect(head).toStartWith('rank,user,points,correct,scored,accuracy,1. Prompt of q0 (credit),')
    expect(first).toBe('1,bob,2000,2,2,1,1,1000,0,1,1000,0')
    expect(second).toBe("2,'=cmd,1000,1,2,0.5,1,1000,0,,,")
  })

  test('of the round before are kept in the next one', () => {
    const room = played()
    room.pass(3_000)
    const { previous } = room.game
    expect(room.game.round).toBe(2)
    expect(previous === null ? [] : resultsOf(previous).rows.map(({ points }) => points)).toEqual([2_000, 1_000, 0])
  })
})
