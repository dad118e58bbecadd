import { expect, test } from 'bun:test'
import { viewOf } from '../../shared/quiz/view.ts'
import { changed, changeOf } from '../../shared/quiz/view-frame.ts'
import { CARDS, RIGHT } from '../quiz/cards.ts'
import { eventAt } from '../quiz/random-play.ts'
import { user } from '../quiz/memory.ts'
import { hosted } from '../quiz/rooms.ts'

const settings = { lobbyMs: 0 }
/** What a viewer who was there from the start sees, but for counts. */
function folded(room: ReturnType<typeof hosted>, viewer: string) {
  const [first = room.it, ...states] = room.states
  const view = states.reduce(
    (view, state, i) => {
      const change = changeOf(eventAt(room, i + 1), state, viewer)
      return change === null ? view : changed(view, change)
    },
    viewOf(first, viewer),
  )
  return view.game?.asked?.key
}

// Answers of others are no frames: one that was counted after the reveal showed to who came then, and to nobody else.
test('an answer after the reveal changes nobody else`s tally', () => {
  const room = hosted({ guests: ['bob', 'cy'], settings })
  room.run()
  room.answer('ann', RIGHT)
  room.does({ type: 'control', control: { name: 'skip', round: 1, question: 0 } }, user('ann'))
  room.run()
  const before = viewOf(room.it, 'ann').game?.asked?.key
  expect(before?.tally).toEqual([{ answer: RIGHT, count: 1 }])
  room.answer('bob', RIGHT)
  expect(viewOf(room.it, 'ann').game?.asked).toMatchObject({ key: before, answered: 2 })
  for (const viewer of ['ann', 'bob', 'cy'])
    expect(folded(room, viewer)).toEqual(viewOf(room.it, viewer).game?.asked?.key)
})

test('a flash card, which is answered after its reveal, has its tally once it is scored', () => {
  const cards = CARDS.filter(({ type }) => type === 'flash-card')
  const room = hosted({ guests: ['bob'], settings, cards })
  room.run()
  room.does({ type: 'control', control: { name: 'skip', round: 1, question: 0 } }, user('ann'))
  room.run()
  const tally = () => viewOf(room.it, 'ann').game?.asked?.key?.tally
  room.answer('bob', { type: 'flash-card', grade: 'good' })
  expect([room.it.game?.phase, tally()]).toEqual(['reveal', []])
  room.does({ type: 'control', control: { name: 'next', round: 1, question: 0 } }, user('ann'))
  room.run()
  expect([room.it.game?.phase, tally()]).toEqual([
    'scoreboard',
    [{ answer: { type: 'flash-card', grade: 'good' }, count: 1 }],
  ])
  for (const viewer of ['ann', 'bob']) expect(folded(room, viewer)).toEqual(viewOf(room.it, viewer).game?.asked?.key)
})
