import { describe, expect, test } from 'bun:test'
import { LIMITS } from '../../shared/limits.ts'
import { quizDecider } from '../../shared/quiz/decider.ts'
import { evolve } from '../../shared/quiz/evolve.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { EMPTY, entriesOf, entryOf, sizeOf, type Table, withEntry } from '../../shared/quiz/table.ts'
import { RuleError } from '../../shared/rules.ts'
import { Random } from '../room/random.ts'
import { deepFrozen } from './memory.ts'
import { eventAt, played, randomCommand } from './random-play.ts'

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1)
const text = (state: QuizState | null) => JSON.stringify(state)

describe('a quiz room`s log', () => {
  test('folds to the same state from its beginning and from any snapshot`s text', () => {
    for (const seed of SEEDS) {
      const room = played(seed)
      const events = room.events
      const from = (start: QuizState | null) =>
        events.slice(start?.seq ?? 0).reduce<QuizState | null>((state, event, i) => {
          return evolve(state, event, (start?.seq ?? 0) + i + 1)
        }, start)
      expect(text(from(null))).toBe(text(room.it))
      for (const snapshot of room.states.filter((_, i) => i % 41 === 0))
        expect(text(from(JSON.parse(JSON.stringify(snapshot))))).toBe(text(room.it))
    }
  })

  test('folds from nothing, event by event: a fold never throws', () => {
    const types = new Set<string>()
    for (const seed of SEEDS)
      for (const event of played(seed).events) {
        types.add(event.type)
        expect(evolve(null, deepFrozen(event), 9)).toMatchObject({ seq: 9, at: event.at })
      }
    expect(types.size).toBeGreaterThan(22)
  })

  test('passes over an event of a later version', () => {
    const room = played(1)
    const event = JSON.parse(JSON.stringify({ type: 'room.painted', at: 99_999_999, by: 'ann' }))
    expect(evolve(room.it, event, room.it.seq + 1)).toEqual({ ...room.it, seq: room.it.seq + 1, at: 99_999_999 })
  })

  test('is decided alike on a state and on its text; times never fall', () => {
    for (const seed of SEEDS) {
      const random = new Random(seed)
      const room = played(seed, 60)
      for (let i = 0; i < 40; i++) {
        const { command, actor } = randomCommand(random, room.it)
        const context = { now: room.now, actor }
        const decided = quizDecider.decide(room.it, command, context)
        const again = quizDecider.decide(JSON.parse(JSON.stringify(room.it)), command, context)
        expect(JSON.stringify(again)).toBe(JSON.stringify(decided))
        if (!(decided instanceof RuleError)) expect(decided.events.length).toBeGreaterThan(0)
      }
      const times = room.states.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
  })

  test('has nobody in it twice, keeps its limits, and never an epoch that falls', () => {
    for (const seed of SEEDS) {
      let epoch = 0
      for (const { occupants, messages, conductor, game } of played(seed).states) {
        expect(new Set(occupants).size).toBe(occupants.length)
        expect(messages.length).toBeLessThanOrEqual(LIMITS.quiz.messages)
        expect(conductor.epoch).toBeGreaterThanOrEqual(epoch)
        epoch = conductor.epoch
        for (const [, { points, marks }] of game?.players.flat() ?? [])
          expect(points).toBe(marks.reduce((sum, mark) => sum + (mark?.points ?? 0), 0))
      }
    }
  })

  test('is refused before its room is made, and makes none twice', () => {
    const room = played(1)
    const created = eventAt(room, 0)
    expect(created.type).toBe('room.created')
    const random = new Random(1)
    for (let i = 0; i < 100; i++) {
      const { command, actor } = randomCommand(random, room.it)
      expect(quizDecider.decide(null, command, { now: 1, actor })).toBeInstanceOf(RuleError)
    }
  })
})

describe('a table', () => {
  const awkward = ['__proto__', 'constructor', '', 'ann', 'é', '日本', '\ud83d']

  test('holds what was put in last, under any name, and leaves the table before as it was', () => {
    let table: Table<number> = EMPTY
    const known = new Map<string, number>()
    for (let i = 0; i < 500; i++) {
      const key = i % 3 === 0 ? (awkward[i % awkward.length] ?? '') : `user ${i % 100}`
      const before = JSON.stringify(table)
      const next = withEntry(deepFrozen(table), key, i)
      expect(JSON.stringify(table)).toBe(before)
      table = JSON.parse(JSON.stringify(next))
      known.set(key, i)
    }
    expect(sizeOf(table)).toBe(known.size)
    for (const [key, value] of known) expect(entryOf(table, key)).toBe(value)
    expect(new Map(entriesOf(table))).toEqual(known)
    expect(entryOf(table, 'nobody')).toBeNull()
  })
})
