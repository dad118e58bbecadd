import { describe, expect, test } from 'bun:test'
import { endsStream, type QuizView, viewOf } from '../../shared/quiz/view.ts'
import { changed, changeOf } from '../../shared/quiz/view-frame.ts'
import { CARDS, RIGHT, SECRET } from './cards.ts'
import { type MemoryQuiz, user, WORKER } from './memory.ts'
import { eventAt, OWN_WORDS, played } from './random-play.ts'
import { group, hosted, ROOM, spawned } from './rooms.ts'

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1)
const VIEWERS = ['ann', 'bob', 'cy', '__proto__', 'stranger']

/** What others answer comes as counts, some times a second, and not with each event. */
const withoutCounts = (view: QuizView): unknown =>
  JSON.parse(JSON.stringify(view, (key, value) => (['answered', 'of'].includes(key) ? null : value)))

/** Every frame and every view that anybody could see, with the state that it is of. */
function* framesOf(room: MemoryQuiz) {
  for (const [i, state] of room.states.entries())
    for (const viewer of VIEWERS) {
      const frame = changeOf(eventAt(room, i), state, viewer)
      yield { state, viewer, text: JSON.stringify([frame, viewOf(state, viewer)]) }
    }
}

describe('over random plays of cards of all kinds', () => {
  test('no frame and no view of anybody holds a key before its reveal, or what another has answered', () => {
    const kinds = new Set<string>()
    for (const seed of SEEDS)
      for (const { state, viewer, text } of framesOf(played(seed, 150))) {
        const { game } = state
        if (game?.phase !== 'question') continue
        kinds.add(game.asked.at(-1)?.card.type ?? '')
        expect(text).not.toContain(SECRET)
        for (const field of ['"key":1', '"accepted"', '"back"', '"explanation"']) expect(text).not.toContain(field)
        for (const other of VIEWERS.filter((name) => name !== viewer))
          expect(text).not.toContain(`${OWN_WORDS} ${other}`)
      }
    expect(kinds).toEqual(new Set(CARDS.map(({ type }) => type)))
  })

  test('none ever holds a salt, from which orders could be told, or an evanescent room`s parent', () => {
    for (const seed of SEEDS)
      for (const { state, text } of framesOf(played(seed, 80))) {
        if (state.game?.salt) expect(text).not.toContain(`"${state.game.salt}"`)
        if (state.parent !== null) expect(text).not.toContain(state.parent)
        expect(text).not.toMatch(/"(salt|parent|founders)"/)
      }
  })

  test('a client that folds its frames sees what a new one does', () => {
    for (const seed of SEEDS) {
      const room = played(seed, 80)
      const [first] = room.states
      if (first === undefined) throw new Error('nothing happened')
      for (const viewer of VIEWERS) {
        let view = viewOf(first, viewer)
        for (const [i, state] of room.states.entries()) {
          const frame = i === 0 ? null : changeOf(eventAt(room, i), state, viewer)
          if (frame === null) continue
          view = changed(view, JSON.parse(JSON.stringify(frame)))
          expect(view.version).toBe(state.seq)
          expect(withoutCounts(view)).toEqual(withoutCounts(viewOf(state, viewer)))
        }
      }
    }
  })
})

describe('a viewer', () => {
  test('sees the key, what was answered how often, and their own mark from the reveal on', () => {
    const room = hosted({ guests: ['bob'], settings: { lobbyMs: 0 } })
    room.run()
    expect(viewOf(room.it, 'bob').game).toMatchObject({ phase: 'question', asked: { key: null, answered: 0, of: 2 } })
    room.answer('bob', RIGHT)
    expect(viewOf(room.it, 'bob').game?.mine).toMatchObject({ answer: RIGHT, mark: null, mayAnswer: false })
    expect(viewOf(room.it, 'ann').game?.mine).toMatchObject({ answer: null, mayAnswer: true })
    room.answer('ann', RIGHT)
    room.run()
    const { game } = viewOf(room.it, 'bob')
    expect(game?.asked?.key).toMatchObject({ card: { key: 1 }, tally: [{ answer: RIGHT, count: 2 }] })
    expect(game?.mine).toMatchObject({ answer: RIGHT, mark: { credit: 1, points: 1_000 }, rank: 1, points: 1_000 })
  })

  test('hears nothing of another`s answer, and of their own at once', () => {
    const room = hosted({ guests: ['bob'], settings: { lobbyMs: 0 } })
    room.run()
    room.answer('bob', RIGHT)
    const event = eventAt(room, room.log.length - 1)
    expect(changeOf(event, room.it, 'ann')).toBeNull()
    expect(changeOf(event, room.it, 'bob')?.parts.game?.mine?.answer).toEqual(RIGHT)
  })

  test('who reconnects finds the order of options that they had, on any server', () => {
    const [, , ordering] = CARDS
    if (ordering === undefined) throw new Error('there is such a card')
    const room = hosted({ guests: ['bob'], settings: { lobbyMs: 0 }, cards: [ordering] })
    room.run()
    const before = viewOf(room.it, 'bob').game?.asked?.card
    for (let i = 0; i < 20; i++) room.startConductor(`w${i}`)
    expect(viewOf(JSON.parse(JSON.stringify(room.it)), 'bob').game?.asked?.card).toEqual(before)
    expect(
      new Set(VIEWERS.map((name) => JSON.stringify(viewOf(room.it, name).game?.asked?.card))).size,
    ).toBeGreaterThan(1)
  })

  test('is let go with the event that puts them out, and at the end', () => {
    const room = group('bob')
    room.does({ type: 'leave' }, user('bob'))
    const left = eventAt(room, room.log.length - 1)
    expect([endsStream(left, 'bob', room.it), endsStream(left, 'ann', room.it)]).toEqual(['not-occupant', null])
    const child = spawned({ guests: ['bob'] })
    child.does({ type: 'reap', epoch: 1, reason: 'conductor-lost' }, WORKER)
    expect(endsStream(eventAt(child, child.log.length - 1), 'bob', child.it)).toBeNull()
    child.does({ type: 'returned', to: ROOM }, WORKER)
    expect(endsStream(eventAt(child, child.log.length - 1), 'bob', child.it)).toBe('room-gone')
  })
})
