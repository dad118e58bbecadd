import type { QuizRooms } from '../../server/quiz/open.ts'
import type { LeaseStore } from '../../server/store/leases.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import { RuleError } from '../../shared/rules.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { WORKER } from '../rooms/idle.ts'

/** An evanescent room whose conductor is gone. */
export interface Lost {
  room: string
  /** The lease's when that was found out: a conductor that came back under a newer one goes on. */
  epoch: number
}

export interface ReaperParts {
  rooms: Pick<QuizRooms, 'read' | 'send'>
  leases: Pick<LeaseStore, 'off'>
  metrics: Pick<WorkerMetrics, 'reaped'>
}

/** What became of it: `ended` by this call; `over` before it; `live`, its conductor being back. */
export type Reaped = 'ended' | 'over' | 'live'

/** One command in all of a room's life, whoever sends it: the first that is accepted is its end. */
const COMMAND_ID = 'reap'

/**
 * Ends evanescent rooms whose conductor is lost or never came (seed 4: it is not made again), by their log: what follows from that, the
 * lease's end and the way back, is a duty like any other.
 */
export function createReaper({ rooms, leases, metrics }: ReaperParts) {
  const send = async ({ room, conductor }: QuizState): Promise<Reaped> => {
    const reason = conductor.epoch === 0 ? 'never-started' : 'conductor-lost'
    const command = { type: 'reap', epoch: conductor.epoch, reason } as const
    try {
      const done = await rooms.send({ room, id: COMMAND_ID, actor: WORKER, command, hash: command.type })
      if (done.replayed) return 'over'
      metrics.reaped.inc({ reason })
      return 'ended'
    } catch (error) {
      if (error instanceof RuleError && error.rule === 'room-gone') return 'over'
      if (error instanceof RuleError && error.rule === 'stale-epoch') return 'live'
      throw error
    }
  }

  return async ({ room, epoch }: Lost): Promise<Reaped> => {
    const state = await rooms.read(room)
    if (state !== null && state.ended === null)
      return state.kind !== 'GroupEvanescent' || state.conductor.epoch > epoch ? 'live' : send(state)
    // The log has said it before: the lease follows.
    await leases.off({ room, ended: true })
    return 'over'
  }
}
export type Reaper = ReturnType<typeof createReaper>
