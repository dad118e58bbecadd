import type { Store } from '../server/store/connect.ts'
import { sweepSeats } from '../server/store/sweep.ts'
import type { WorkerMetrics } from './metrics.ts'

/**
 * One sweep: removes what TTL indexes cannot see, that is, seats (and their signals) whose session ended without them.
 * Everything else that expires has a `purgeAt` of its own. Every step is conditional, so any number of workers may sweep at once.
 */
export async function sweep(store: Store, { swept, sweepSeconds }: WorkerMetrics): Promise<void> {
  const done = sweepSeconds.startTimer()
  const { seats, signals } = await sweepSeats(store)
  swept.inc({ kind: 'seats' }, seats)
  swept.inc({ kind: 'signals' }, signals)
  done()
}
