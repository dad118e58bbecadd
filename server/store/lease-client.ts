import { MongoClient } from 'mongodb'
import { DEFAULTS } from '../../shared/limits.ts'
import type { LeaseDoc, WorkerDoc } from './docs-quiz.ts'
import { electionWatch } from './elections.ts'
import { leaseStore, type LeaseTimes } from './leases.ts'
import { workerStore } from './workers.ts'

/** As the settings are if nobody says otherwise. */
const TIMES: LeaseTimes = {
  leaseMs: DEFAULTS.leaseMs,
  graceMs: DEFAULTS.leaseGraceMs,
  opMs: DEFAULTS.leaseOpMs,
  neverStartedMs: DEFAULTS.neverStartedMs,
}

/** The driver takes no less. */
const LEAST_HEARTBEAT_MS = 500

export interface LeaseClientOptions {
  url: string
  /** The database's. */
  name: string
  appName: string
  now: () => Date
  times: LeaseTimes | undefined
}

/**
 * Leases have a client of their own (room-log.md 7): few connections on which nothing else waits, and an operation that hangs is given
 * up long before the lease is over. Connects at its first use.
 */
export function connectLeases({ url, name, appName, now, times = TIMES }: LeaseClientOptions) {
  const { opMs, leaseMs, startHoldMs = 0 } = times
  const client = new MongoClient(url, {
    appName: `${appName}-leases`,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    ignoreUndefined: true,
    serverSelectionTimeoutMS: opMs,
    connectTimeoutMS: opMs,
    // All connections that are half-open break at once, and not one with each renewal in vain.
    heartbeatFrequencyMS: Math.max(LEAST_HEARTBEAT_MS, opMs),
    socketTimeoutMS: opMs,
    waitQueueTimeoutMS: opMs,
    // More than there are claims at once (worker/conduct/taker.ts): a renewal waits for nobody.
    maxPoolSize: 12,
  })
  const { isSettled } = electionWatch(client, { holdMs: leaseMs, startHoldMs })
  const db = client.db(name)
  const workers = workerStore(db.collection<WorkerDoc>('workers'), times)
  const world = { now, isSettled, findLost: workers.findLost }
  return {
    leases: leaseStore(db.collection<LeaseDoc>('leases'), times, world),
    workers,
    closeLeases: () => client.close(),
  }
}
