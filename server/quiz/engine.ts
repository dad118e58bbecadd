import type { QuizState } from '../../shared/quiz/state.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Telling } from '../notifications.ts'
import type { Store } from '../store/connect.ts'
import { createClaims } from './claims.ts'
import { createDuties, type Duties } from './duties.ts'
import { createGroups } from './groups.ts'
import { createLeasing } from './leasing.ts'
import { openQuizRooms } from './open.ts'

export interface EngineParts {
  store: Pick<Store, 'quiz' | 'clock' | 'claims' | 'duties' | 'leases'>
  log: Log
  metrics: Pick<Metrics, 'unsound' | 'conflicts'>
  tell: (telling: Telling) => Promise<void>
}

/** Quiz rooms with what follows from them, as servers and workers have them. */
export function openQuiz({ store, log, metrics, tell }: EngineParts) {
  const claims = createClaims(store)
  const rooms = openQuizRooms({
    ...{ store, log, metrics },
    onDuty: (doc) => {
      // Whoever finds it undone does it again: a worker's sweep at the latest.
      duties
        .perform(doc)
        .catch((error: unknown) => log.warn({ err: error, room: doc.room }, 'what follows from a room'))
    },
  })
  const groups = createGroups({ quiz: store.quiz, claims, rooms })
  const follow = createLeasing({ rooms, leases: store.leases })
  const duties: Duties = createDuties({ rooms, groups, claims, duties: store.duties, lease: follow, tell })
  /** Asks for the conductor that a room's log says it has. */
  const lease = (state: QuizState) => (state.conductor.payload === null ? Promise.resolve() : follow(state))
  return { rooms, duties, claims, groups, lease }
}
