import type { SendOptions } from '../../server/rooms/log.ts'
import type { LogSweep } from '../../server/store/log-sweep.ts'

/** What a sweep knows of a room's state, whatever its kind. */
export interface SweptState {
  room: string
  seq: number
  /** Of the newest event, ms. */
  at: number
}

/** What a sweep does with a log of rooms. */
export interface SweptRooms<S extends SweptState> {
  read: (room: string) => Promise<S | null>
  settle: (room: string) => Promise<S | null>
  send: (options: SendOptions<{ type: 'expire'; idleSince: number }>) => Promise<{ replayed: boolean }>
}

/** Rooms that share two collections and one set of rules: the data rooms, the quiz rooms. */
export interface Family<S extends SweptState> {
  name: 'data' | 'quiz'
  logs: LogSweep
  rooms: SweptRooms<S>
  /** What its rules can fold, as snapshots name it. */
  kinds: readonly string[]
  idle: IdleRule<S>
}

/** When a room is closed because nobody uses it. */
export interface IdleRule<S extends SweptState> {
  kinds: readonly string[]
  /** How long it must have had no event, ms. */
  ms: number
  isOver: (state: S) => boolean
  /** Of these rooms, those that somebody used since then without an event. */
  usedSince?: ((rooms: readonly string[], since: Date) => Promise<ReadonlySet<string>>) | undefined
}
