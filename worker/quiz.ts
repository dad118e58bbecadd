import type { Env } from '../server/env.ts'
import type { EventDoc } from '../server/store/docs.ts'
import { logSweep } from '../server/store/log-sweep.ts'
import type { QuizRooms } from '../server/quiz/open.ts'
import type { QuizState } from '../shared/quiz/state.ts'
import { dutySweep } from './quiz/duties.ts'
import { lostConductors } from './quiz/lost.ts'
import { createReaper } from './quiz/reap.ts'
import { BOUNDS, createSweep, type SweepOptions } from './rooms.ts'
import type { Family } from './rooms/family.ts'
import { createFolder } from './rooms/fold.ts'

const PERPETUAL = ['HostedPerpetual', 'GroupPerpetual']
const KINDS = [...PERPETUAL, 'GroupEvanescent']

export interface QuizSweepOptions extends SweepOptions {
  env: Pick<Env, 'QUIZ_IDLE_MS' | 'ROOM_RETENTION_MS' | 'NEVER_STARTED_MS'>
  rooms: QuizRooms
  /** Does what follows from a document of a log. */
  perform: (doc: EventDoc) => Promise<void>
}

/**
 * The worker's part of quiz rooms without their conductors (seed 4: each instance cleans up on a very long timeout): what all logs need, the
 * end of rooms whose conductor is gone, and what follows from events and was left undone. Any number of workers may do it at once.
 */
export function createQuizSweep({ env, rooms, perform, ...options }: QuizSweepOptions) {
  const { store, log, metrics, bounds } = options
  const { clock, quizSweep, leases, duties } = store
  const logs = logSweep(store.quiz)
  const folder = createFolder({ rooms, kinds: KINDS })
  const reap = createReaper({ rooms, leases, metrics })
  const idle = {
    kinds: PERPETUAL,
    ms: env.QUIZ_IDLE_MS,
    isOver: ({ ended }: QuizState) => ended !== null,
    usedSince: quizSweep.seenSince,
  }
  const family: Family<QuizState> = { name: 'quiz', logs, rooms, kinds: KINDS, idle }
  const sweepLogs = createSweep(family, { ...options, retentionMs: env.ROOM_RETENTION_MS })
  const parts = { logs, leases, folder, reap, now: clock.now, bounds: { ...BOUNDS, ...bounds } }
  const lostOnes = lostConductors({ ...parts, neverStartedMs: env.NEVER_STARTED_MS })

  const endLost = async () => {
    const lost = await lostOnes.expired()
    if (lost > 0) log.info({ rooms: lost }, 'rooms ended with their conductors')
    return lost
  }
  const sweep = async () => {
    await quizSweep.markSeen(clock.now())
    const swept = await sweepLogs()
    const lost = (await lostOnes.unleased()) + (await endLost())
    return { ...swept, lost }
  }
  const followUp = dutySweep({
    duties,
    now: clock.now,
    perform,
    onDone: () => metrics.dutiesDone.inc(),
    onError: (error) => log.warn({ err: error }, 'what follows from an event'),
  })

  return { sweep, followUp, endLost, reap }
}
export type QuizSweep = ReturnType<typeof createQuizSweep>
