import type { QuizState } from '../../shared/quiz/state.ts'
import type { LeaseStore } from '../store/leases.ts'
import type { QuizRooms } from './open.ts'

export interface LeasingParts {
  rooms: Pick<QuizRooms, 'read'>
  leases: Pick<LeaseStore, 'want' | 'off'>
}

/** What a room's log says of its lease. */
const desiredBy = ({ conductor, ended }: QuizState) =>
  ended !== null ? 'ended' : conductor.payload === null ? 'off' : 'on'

/**
 * Makes a room's lease what its log says (room-log.md 15). Of two processes that follow one log the slower may write last what it saw
 * first, so each looks again after it has written: whoever writes last has seen the newest.
 */
export const createLeasing =
  ({ rooms, leases }: LeasingParts) =>
  async (seen: QuizState): Promise<void> => {
    const { room, kind } = seen
    for (let state = seen; ;) {
      const desired = desiredBy(state)
      if (desired === 'on') await leases.want({ room, kind, epoch: state.conductor.epoch })
      else await leases.off({ room, ended: desired === 'ended' })
      const next = await rooms.read(room)
      if (next === null || desiredBy(next) === desired) return
      state = next
    }
  }
