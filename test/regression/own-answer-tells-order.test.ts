import { expect, test } from 'bun:test'
import type { Answer } from '../../shared/deck/answers.ts'
import { viewOf } from '../../shared/quiz/view.ts'
import { CARDS } from '../quiz/cards.ts'
import { hosted } from '../quiz/rooms.ts'

// An own answer was shown in the card's own positions, which for things to be put in order are the right order: who had sent any
// answer could read it there, and tell the others.
test('an own answer is shown as it was sent, so that it does not tell the right order before the reveal', () => {
  const cards = CARDS.filter(({ type }) => type === 'ordering')
  const seen = new Set<string>()
  for (let i = 0; i < 20; i++) {
    const user = `player ${i}`
    const room = hosted({ guests: [user], settings: { lobbyMs: 0 }, cards })
    room.run()
    const sent: Answer = { type: 'ordering', order: [0, 1, 2, 3] }
    room.answer(user, sent)
    const game = viewOf(room.it, user).game
    expect(game?.mine?.answer).toEqual(sent)
    const { card } = game?.asked ?? {}
    seen.add(card?.type === 'ordering' ? card.items.join() : '')
    room.answer('ann', sent)
    room.run()
    expect(viewOf(room.it, user).game?.mine).toMatchObject({ answer: sent, mark: {} })
  }
  // They did see it in different orders.
  expect(seen.size).toBeGreaterThan(5)
})
