import { createHub } from '../../server/hub.ts'
import type { Log } from '../../server/log.ts'
import type { Metrics } from '../../server/metrics.ts'
import { createNotifications } from '../../server/notifications.ts'
import { createClaims } from '../../server/quiz/claims.ts'
import { createDuties, type Duties } from '../../server/quiz/duties.ts'
import { createGroups } from '../../server/quiz/groups.ts'
import { openQuizRooms } from '../../server/quiz/open.ts'
import type { Store } from '../../server/store/connect.ts'

export interface OpenQuiz {
  store: Store
  log: Log
  metrics: Pick<Metrics, 'unsound' | 'conflicts'>
  shutdown: AbortSignal
}

/** The quiz rooms of a worker's process, which does at once what follows from the events that it commits. */
export function openQuiz({ store, log, metrics, shutdown }: OpenQuiz) {
  // The sweep does it again.
  const onError = (error: unknown) => log.warn({ err: error }, 'what follows from an event')
  const rooms = openQuizRooms({ store, log, metrics, onDuty: (doc) => void duties.perform(doc).catch(onError) })
  const claims = createClaims(store)
  const groups = createGroups({ quiz: store.quiz, claims, rooms })
  const { tell } = createNotifications({ store, hub: createHub(), shutdown })
  const duties: Duties = createDuties({ rooms, groups, claims, duties: store.duties, leases: store.leases, tell })
  return { rooms, duties }
}
