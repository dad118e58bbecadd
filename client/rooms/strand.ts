import type { RoomFrame } from '../../shared/room/schema.ts'
import { FoyerError } from '../errors.ts'
import { backoffMs, pause } from '../retry.ts'
import { readSubscription, type StreamEnd } from '../subscription.ts'
import type { Connection } from './connection.ts'
import type { RoomVersions } from './types.ts'
import type { Window } from './window.ts'

export interface StrandOptions {
  connection: Connection
  window: Window
  rooms: Iterable<string>
  presence: boolean
  /** After which versions to begin; asked whenever the stream begins. */
  versionsOf: (rooms: Iterable<string>) => RoomVersions
  onFrame: (frame: RoomFrame) => void
  /** `isWhole` is another. */
  onReach: () => void
  /** The server does not give these rooms, now or later. */
  onFail: (rooms: ReadonlySet<string>, error: FoyerError) => void
  signal: AbortSignal
}

/** Rooms that come on one subscription. */
export interface Strand {
  readonly rooms: Set<string>
  /** False: it broke, and does not bring anything at the moment. */
  readonly isWhole: boolean
  /** Rooms were taken out that the server still sends. */
  isStale: boolean
  /** Begins again, with the rooms and versions of now. */
  restart(): void
  stop(): void
}

/** Reads a set of rooms on one subscription until it is stopped, from where each had come to whenever it has to begin again. */
export function openStrand(options: StrandOptions): Strand {
  const { connection, window, presence, versionsOf, onFrame, onReach, onFail } = options
  const rooms = new Set(options.rooms)
  const stopped = new AbortController()
  const signal = AbortSignal.any([options.signal, stopped.signal])
  let again = new AbortController()
  let isWhole = true
  const reach = (now: boolean) => {
    if (isWhole === now) return
    isWhole = now
    onReach()
  }

  const stream = async (onOpen: () => void): Promise<StreamEnd> => {
    again = new AbortController()
    const both = AbortSignal.any([signal, again.signal])
    const versions = versionsOf(rooms)
    const { client } = connection
    const release = await window.take('stream', JSON.stringify(versions).length + ENVELOPE, both)
    const ended = await readSubscription<RoomFrame>({
      subscribe: (handlers) => client.room.feed.subscribe({ rooms: versions, presence }, handlers),
      onOpen: () => {
        release()
        connection.accepted(client)
        onOpen()
        reach(true)
      },
      onData: (frame) => {
        if (!both.aborted) onFrame(frame)
      },
      signal: both,
    }).finally(release)
    if (ended.error.rule === 'unauthorized') connection.refused(client, ended.error)
    return ended
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!signal.aborted && rooms.size > 0) {
      const ended = await stream(() => (failures = 0)).catch(() => null)
      // Stopped or begun again by ourselves.
      if (ended === null || signal.aborted || again.signal.aborted || rooms.size === 0) continue
      if (!PASSING.has(ended.error.rule) && !ended.error.retryable) return onFail(rooms, ended.error)
      reach(false)
      await pause(backoffMs(failures++, ended.error.retryAfterMs), signal).catch(() => {})
    }
  }
  void run()

  return {
    rooms,
    get isWhole() {
      return isWhole
    },
    isStale: false,
    restart: () => again.abort(new FoyerError('aborted')),
    stop: () => stopped.abort(new FoyerError('aborted')),
  }
}

/** What another try may change, though the same request would fail again: the stream was slow to open, or the token is renewed. */
const PASSING: ReadonlySet<string> = new Set(['timeout', 'unauthorized'])

/** What a message has beside its input, bytes; rounded up. */
export const ENVELOPE = 200
