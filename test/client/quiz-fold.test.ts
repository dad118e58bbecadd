import { describe, expect, test } from 'bun:test'
import { createFold } from '../../client/quiz/fold.ts'
import { LIMITS } from '../../shared/limits.ts'
import { viewOf } from '../../shared/quiz/view.ts'
import { changeOf } from '../../shared/quiz/view-frame.ts'
import { singles, WRONG } from '../quiz/cards.ts'
import { type MemoryQuiz, user } from '../quiz/memory.ts'
import { eventAt, played } from '../quiz/random-play.ts'
import { group, hosted, text } from '../quiz/rooms.ts'
import { seeded } from '../kit/random.ts'

/** The frame of what happened after a version, up to another. */
function changesOf(room: MemoryQuiz, viewer: string, [after, upTo]: readonly [number, number]) {
  const changes = room.states
    .slice(after, upTo)
    .flatMap((state, i) => changeOf(eventAt(room, after + i), state, viewer) ?? [])
  return { kind: 'changes', version: upTo, changes } as const
}
const viewAt = (room: MemoryQuiz, version: number, viewer = 'ann') => {
  const state = room.states[version - 1]
  if (state === undefined) throw new Error(`there is no version ${version}`)
  return viewOf(state, viewer)
}
/** How many have answered comes as counts. */
const plain = (view: object): unknown =>
  JSON.parse(
    JSON.stringify(view, (key, value) => (['answered', 'of', 'tally', 'version', 'at'].includes(key) ? null : value)),
  )

describe('a folded room', () => {
  test('is the server`s view, whatever comes twice, late, or as all of the room in between', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const room = played(seed, 100)
      const random = seeded(seed)
      const fold = createFold(viewAt(room, 1))
      for (let at = 1; at < room.log.length;) {
        const next = Math.min(room.log.length, at + 1 + Math.floor(random() * 4))
        if (random() < 0.2) fold.reset(viewAt(room, next))
        else fold.fold(changesOf(room, 'ann', [at, next]))
        if (random() < 0.3) fold.fold(changesOf(room, 'ann', [Math.max(1, at - 3), next]))
        if (random() < 0.3) fold.reset(viewAt(room, Math.max(1, next - Math.floor(random() * 5))))
        expect(plain(fold.view)).toEqual(plain(viewAt(room, next)))
        expect(fold.at).toBe(next)
        at = next
      }
    }
  })

  test('keeps no more than the newest messages', () => {
    const room = group('bob')
    for (let i = 1; i <= 150; i++) room.does({ type: 'message', ...text(`message ${i}`) }, user('ann'))
    const fold = createFold(viewAt(room, 2))
    fold.fold(changesOf(room, 'ann', [2, room.log.length]))
    expect(fold.view.messages).toHaveLength(LIMITS.quiz.messages)
    expect(fold.view.messages.at(-1)?.text).toBe('message 150')
    expect(fold.view.messages).toEqual(viewAt(room, room.log.length).messages)
  })

  test('is another object after a change, and the same one after none', () => {
    const room = group('bob')
    room.does({ type: 'message', ...text('more') }, user('ann'))
    const fold = createFold(viewAt(room, 2))
    const before = JSON.stringify(fold.view)
    const { view } = fold
    expect(fold.fold(changesOf(room, 'ann', [1, 2]))).toBe(false)
    expect(fold.view).toBe(view)
    expect(fold.fold(changesOf(room, 'ann', [2, 3]))).toBe(true)
    expect(fold.view).not.toBe(view)
    expect(JSON.stringify(view)).toBe(before)
  })
})

describe('the counts', () => {
  const asking = () => {
    const room = hosted({
      guests: ['bob', 'cy', 'dan'],
      cards: singles(2),
      settings: { lobbyMs: 0, silentAfter: null },
    })
    room.run()
    return room
  }
  const told = (room: MemoryQuiz, answered: number) => ({
    ...({ kind: 'counts', version: room.log.length, round: 1, question: 0, answered, of: 4 } as const),
  })

  test('are those told of the question, until the room itself tells newer ones', () => {
    const room = asking()
    const fold = createFold(viewAt(room, room.log.length))
    expect(fold.counts).toEqual({ round: 1, question: 0, answered: 0, of: 4 })
    room.answer('bob', WRONG)
    room.answer('cy', WRONG)
    expect(fold.count(told(room, 2))).toBe(true)
    expect(fold.counts).toMatchObject({ answered: 2, of: 4 })
    const { counts } = fold
    expect(fold.count(told(room, 2))).toBe(false)
    expect(fold.counts).toBe(counts)
    room.answer('ann', WRONG)
    fold.fold(changesOf(room, 'ann', [room.log.length - 1, room.log.length]))
    expect(fold.counts).toMatchObject({ answered: 3 })
  })

  test('of another question are passed over', () => {
    const room = asking()
    const fold = createFold(viewAt(room, room.log.length))
    fold.count({ ...told(room, 3), question: 1 })
    fold.count({ ...told(room, 3), round: 2 })
    expect(fold.counts).toMatchObject({ question: 0, answered: 0 })
  })

  test('are none while nothing is asked', () => {
    expect(createFold(viewAt(group('bob'), 2)).counts).toBeNull()
  })
})
