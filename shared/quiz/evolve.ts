import { evolveGame } from './evolve-game.ts'
import { evolveRoom, NOTHING } from './evolve-room.ts'
import type { QuizEvent } from './events.ts'
import type { QuizState } from './state.ts'

/**
 * The room after an event. Total: what was decided folds for ever, on each process to the same JSON. No limit is looked at and nothing
 * is graded: an event of another version's grader folds to the points that it says.
 */
export function evolve(state: QuizState | null, event: QuizEvent, seq: number): QuizState {
  const before = state ?? NOTHING
  const room = { ...before, ...evolveRoom(before, event, seq), seq, at: event.at }
  const game = evolveGame(before, room, event)
  return game === room.game ? room : { ...room, game }
}
