import type { QuizView } from '../../shared/quiz/view.ts'
import { FoyerError } from '../errors.ts'
import { isSettled } from './moves.ts'
import type { QuizEnd } from './types.ts'

/** Why this user has nothing more to see in the room, from what the room says; null: they have. */
export function endOf({ ended, occupants, owner }: QuizView, user: string): QuizEnd | null {
  if (ended !== null) return isSettled(ended) ? { why: 'ended', reason: ended.reason } : null
  return occupants.includes(user) || user === owner ? null : { why: 'out' }
}

/** The same, from the error with which the server has said so. */
export function endFrom(error: FoyerError): QuizEnd {
  if (error.rule === 'room-gone') return { why: 'ended', error }
  return { why: error.rule === 'not-occupant' ? 'out' : 'lost', error }
}

/** What a command hears that was asked for after the end. */
export function errorOf({ why, error }: QuizEnd): FoyerError {
  if (error !== undefined) return error
  if (why === 'ended') return new FoyerError('room-gone')
  return new FoyerError(why === 'closed' ? 'aborted' : 'not-occupant')
}
