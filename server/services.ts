import type { Env } from './env.ts'
import { createHub, type Hub } from './hub.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type Derive, deriver, randomId } from './secrets.ts'
import type { Store } from './store/connect.ts'
import { fromStream, type StreamReader } from './subscribe.ts'

/** What every domain's code is given; made once a process. */
export interface Services {
  env: Env
  log: Log
  store: Store
  hub: Hub
  metrics: Metrics
  derive: Derive
  /** Who takes what from the read stream: each kind of rooms adds itself. */
  readers: Set<StreamReader>
  /** Aborts when the process begins to drain: long polls answer at once, streams tell their clients to resume elsewhere. */
  shutdown: AbortSignal
}

export interface ServicesOptions {
  env: Env
  log: Log
  store: Store
  shutdown: AbortSignal
}

/** Wires a process's services and starts its read stream. */
export async function createServices({ env, log, store, shutdown }: ServicesOptions): Promise<Services> {
  const hub = createHub()
  const secret = await store.setting('secret', () => randomId() + randomId())
  const onGap = (error: unknown) => log.warn({ err: error }, 'change stream began anew')
  const readers = new Set<StreamReader>()
  void store.watch(shutdown, fromStream({ hub, readers, onGap }))
  return { env, log, store, hub, metrics: createMetrics(), derive: deriver(secret), readers, shutdown }
}
