import { createHub } from '../../server/hub.ts'
import { createNotifications } from '../../server/notifications.ts'
import { type EngineParts, openQuiz } from '../../server/quiz/engine.ts'
import type { Store } from '../../server/store/connect.ts'

export interface WorkerQuizParts extends Omit<EngineParts, 'tell'> {
  store: Store
  shutdown: AbortSignal
}

/** Quiz rooms in a worker's process: whom it notifies hears of it through a server. */
export function openWorkerQuiz({ store, log, metrics, shutdown }: WorkerQuizParts) {
  const { tell } = createNotifications({ store, hub: createHub(), shutdown })
  return openQuiz({ store, log, metrics, tell })
}
