import type { Actor, Decider } from '../../shared/log/decider.ts'
import { RuleError } from '../../shared/rules.ts'
import { type CacheBounds, roomCache, type Summary } from './cache.ts'
import type { RoomParts } from './parts.ts'
import { createReader } from './reader.ts'
import type { Done, Head, Pending, Watcher } from './room.ts'
import { createWriter } from './writer.ts'
import type { EventDoc } from '../store/docs.ts'
import type { Duties } from './plan.ts'

export interface SendOptions<C> {
  room: string
  /** Unique in the room; a repeat gets the first result. */
  id: string
  actor: Actor
  command: C
  /** Of the command, to tell a repeat from another command under the same id. */
  hash: string
  /** The room cannot exist yet: nothing has to be read before it is written. */
  isNew?: boolean | undefined
}

export interface RoomLogOptions<S extends { seq: number }, C, E> {
  parts: RoomParts
  decider: Decider<S, C, E>
  usersOf: (event: E, state: S) => readonly string[]
  /** The fields of a snapshot that queries need. */
  summary: (state: S) => Summary
  /** What follows from events outside of their room, where that is anything. */
  duties?: Duties<S, E> | undefined
  onError: (error: unknown) => void
  /** How much a process remembers of rooms that nobody uses. */
  bounds?: CacheBounds | undefined
}

/**
 * One kind of rooms over the log (room-log.md): commands in, folded states and documents out. Any process may do this for any
 * room at any time; the unique index (room, seq) decides between them.
 */
export function createRoomLog<S extends { seq: number }, C, E>(options: RoomLogOptions<S, C, E>) {
  const { parts, decider, usersOf, summary, duties, onError, bounds } = options
  const reader = createReader(parts, decider)
  const writer = createWriter({ parts, decider, reader, usersOf, duties })
  const cache = roomCache<S, C>({ parts, summary, reader, onError, bounds })

  /**
   * Puts a command into the room's log and tells what it did. Errors: the decider's; idempotency-mismatch; unknown-outcome (repeat
   * with the same id); room-unsound.
   */
  const send = ({ room: id, isNew, ...given }: SendOptions<C>): Promise<Done<S>> => {
    const room = cache.room(id)
    if (isNew === true && room.head === null) room.head = { state: null, seq: 0, last: null }
    if (isNew === true) room.checkedAt = Math.max(room.checkedAt, performance.now())
    const { promise, resolve, reject } = Promise.withResolvers<Done<S>>()
    const end = () => {
      clearTimeout(timer)
      pending.over = true
    }
    const pending: Pending<S, C> = {
      ...given,
      now: parts.now().getTime(),
      arrived: performance.now(),
      over: false,
      settle: (done) => (end(), resolve(done)),
      fail: (error) => (end(), reject(error)),
    }
    // It may still be done, or was: only a repeat with its id can tell.
    const timer = setTimeout(() => pending.fail(new RuleError('unknown-outcome')), parts.deadlineMs)
    room.queue.push(pending)
    void writer.run(room)
    return promise
  }

  /** The room now: read after this call began. null: there is none, and never was. Error: room-unsound. */
  const read = async (id: string): Promise<S | null> => {
    const room = cache.room(id)
    await reader.freshen(room)
    return room.head?.state ?? null
  }

  /** The same, for who passes by once (the worker): keeps the room's snapshot and forgets the room. */
  const settle = async (id: string): Promise<S | null> => {
    const room = cache.room(id)
    await reader.freshen(room)
    const state = room.head?.state ?? null
    await cache.forget(room)
    return state
  }

  /** Tells of every document from now on, in order, after its fold; `head` is where it begins. Detach by disposing. */
  const watch = async (id: string, watcher: Watcher<S>): Promise<{ head: Head<S> } & Disposable> => {
    const room = cache.room(id)
    const detach = () => void room.watchers.delete(watcher)
    room.watchers.add(watcher)
    try {
      await reader.freshen(room)
    } catch (error) {
      detach()
      throw error
    }
    return { head: room.head ?? { state: null, seq: 0, last: null }, [Symbol.dispose]: detach }
  }

  return {
    send,
    read,
    settle,
    watch,
    /** A document of another process, from the change stream. */
    arrived: (doc: EventDoc) => {
      const room = cache.known(doc.room)
      if (room === undefined) return
      reader.arrived(room, doc)
    },
    /** The stream may have missed something: all that is watched is read again (room-log.md 16). */
    reread: () => cache.rereadWatched(),
    close: () => cache.close(),
    size: () => cache.size(),
  }
}
export type RoomLog<S extends { seq: number }, C, E> = ReturnType<typeof createRoomLog<S, C, E>>
