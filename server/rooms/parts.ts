import type { LogStore } from '../store/log.ts'

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
