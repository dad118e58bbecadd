import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Clock } from '../store/clock.ts'
import type { LogStore } from '../store/log.ts'

/** How long a command may wait for its place in the log, ms: room-log.md 8. */
const DEADLINE_MS = 5_000

/** What the room log's code is given. */
export interface RoomParts {
  log: LogStore
  /** mongod's time. */
  now: () => Date
  /** A log did not fold, twice: an incident, told once a room until it folds again. */
  onUnsound: (room: string) => void
  /** A race was lost to a unique index. */
  onConflict: (index: string) => void
  /** The log could not be read or written, and it is tried again. */
  onError: (error: unknown) => void
  /** When the sender of a command hears `unknown-outcome` at the latest, ms. */
  deadlineMs: number
  /** A write that took longer than this from its validation is read back before it is answered, ms; absent: an hour. */
  verifyMs?: number | undefined
}

export interface PartsOptions {
  /** What the log of the process calls such rooms. */
  name: string
  logs: LogStore
  clock: Clock
  log: Log
  metrics: Pick<Metrics, 'unsound' | 'conflicts'>
}

/** The parts as servers and workers have them: incidents are logged and counted. */
export const roomParts = ({ name, logs, clock, log, metrics }: PartsOptions): RoomParts => ({
  log: logs,
  now: clock.now,
  onUnsound: (room) => {
    metrics.unsound.inc()
    log.error({ room }, `the log of a ${name} does not fold`)
  },
  onConflict: (index) => metrics.conflicts.inc({ index }),
  onError: (error) => log.warn({ err: error }, `${name} log`),
  deadlineMs: DEADLINE_MS,
})
