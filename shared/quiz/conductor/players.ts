import type { QuizPayload } from '../settings.ts'
import type { QuizState } from '../state.ts'
import { entryOf } from '../table.ts'
import { type Game, type Player, questionOf } from './game.ts'

const PLAYER: Player = { since: 0, spectator: false, points: 0, streak: 0, silent: 0, warned: false, marks: [] }

/** Somebody who is there when the round begins. */
export const firstPlayer = (): Player => PLAYER

/** Somebody who comes in mid-round, by the room's policy: an open question is theirs, too. */
export function latePlayer(game: Game, policy: QuizPayload['lateJoin']): Player {
  const next = game.phase === 'question' ? questionOf(game) : questionOf(game) + 1
  if (policy === 'spectator') return { ...PLAYER, since: next, spectator: true }
  return { ...PLAYER, since: policy === 'zero' ? 0 : next }
}

/** A round is on: who comes now comes late. */
export const isRunning = ({ phase }: Game) => phase !== 'lobby' && phase !== 'end'

/** Whether a player is asked this question. */
export const plays = (player: Player | null, question: number): player is Player =>
  player !== null && !player.spectator && player.since <= question

/** The occupants who are asked the open question: who left is not waited for. */
export const asked = ({ occupants }: Pick<QuizState, 'occupants'>, game: Game): string[] =>
  occupants.filter((user) => plays(entryOf(game.players, user), questionOf(game)))

/** Whether all who are asked and there have answered, and somebody has. Looked at again with each leave, kick and disconnect. */
export function allAnswered(state: Pick<QuizState, 'occupants'>, game: Game, absent: ReadonlySet<string>): boolean {
  const players = asked(state, game)
  const hasAnswered = (user: string) => entryOf(game.given, user) !== null
  return players.some(hasAnswered) && players.every((user) => hasAnswered(user) || absent.has(user))
}
