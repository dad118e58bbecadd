import type { RoomState } from '../../shared/room/state.ts'
import { mayRead } from '../../shared/room/view.ts'
import type { Actor } from '../../shared/log/decider.ts'
import { FoyerError } from '../errors.ts'
import type { Folded } from './replica.ts'
import type { RoomEnd } from './types.ts'

/** Why this user may not see the room any more, from what happened last; null: they may. */
export function endOf(state: RoomState, actor: Actor, folded: readonly Folded[]): RoomEnd | null {
  if (state.deleted !== null) return { why: 'deleted', reason: state.deleted.reason }
  const refusal = mayRead(state, actor)
  if (refusal === null) return null
  const last = folded.map(({ event }) => event).findLast((event) => 'user' in event && event.user === actor.user)
  if (last?.type === 'occupant.kicked') return { why: 'kicked', reason: last.reason }
  if (last?.type === 'occupant.banned') return { why: 'banned', reason: last.reason }
  return { why: refusal === 'banned' ? 'banned' : 'left', reason: '' }
}

/** What an edit that was never sent hears at the end. */
export function errorOf({ why, error }: RoomEnd): FoyerError {
  if (error !== undefined) return error
  if (why === 'deleted') return new FoyerError('room-gone')
  if (why === 'banned') return new FoyerError('banned')
  return new FoyerError(why === 'kicked' || why === 'left' ? 'not-occupant' : 'aborted')
}

/** Why the server has nothing more for this client, from its error. Who is no occupant left elsewhere, or was kicked meanwhile. */
export function endFrom(error: FoyerError): RoomEnd {
  const why = error.rule === 'room-gone' ? 'deleted' : error.rule === 'banned' ? 'banned' : null
  return { why: why ?? (error.rule === 'not-occupant' ? 'left' : 'lost'), reason: '', error }
}
