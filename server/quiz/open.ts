import type { QuizCommand } from '../../shared/quiz/commands.ts'
import { quizDecider } from '../../shared/quiz/decider.ts'
import type { QuizEvent } from '../../shared/quiz/events.ts'
import { followUps } from '../../shared/quiz/follow.ts'
import type { QuizState } from '../../shared/quiz/state.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { createRoomLog, type RoomLog } from '../rooms/log.ts'
import type { Clock } from '../store/clock.ts'
import type { EventDoc } from '../store/docs.ts'
import type { LogStore } from '../store/log.ts'
import { roomParts } from '../rooms/parts.ts'
import { summaryOf, usersOf } from './summary.ts'

export interface OpenQuizRooms {
  store: { quiz: LogStore; clock: Clock }
  log: Log
  metrics: Pick<Metrics, 'unsound' | 'conflicts'>
  /** A document of this process from which something outside of its room follows: duties.ts. */
  onDuty: (doc: EventDoc) => void
}

/** The log of quiz rooms (seed 4), as server and worker use it: rooms/log.ts with the rules of shared/quiz. */
export function openQuizRooms({ store, log, metrics, onDuty }: OpenQuizRooms): QuizRooms {
  const parts = roomParts({ name: 'quiz room', logs: store.quiz, clock: store.clock, log, metrics })
  return createRoomLog<QuizState, QuizCommand, QuizEvent>({
    parts,
    decider: quizDecider,
    usersOf,
    summary: summaryOf,
    duties: { isOne: (event, state) => followUps(event, state).length > 0, committed: onDuty },
    onError: parts.onError,
  })
}
export type QuizRooms = RoomLog<QuizState, QuizCommand, QuizEvent>
