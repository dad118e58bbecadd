import type { RoomDoc } from '../store/docs.ts'
import type { RoomParts } from './parts.ts'
import { emptyRoom, type Room } from './room.ts'

/** Snapshots: after this many events, or this long after a change (room-log.md 11). */
const SNAPSHOT_EVENTS = 200
const SNAPSHOT_MS = 10_000
/** Watched heads are compared with the log this often, whatever the change stream said (room-log.md 16). */
const REREAD_MS = 5_000
/**
 * Above so many watched rooms what is new in the log is asked for, in place of each room's end, but for one time in so many: to read
 * the ends of 5,000 idle rooms each 5 s took 10 % of a core of mongod. An insert that was under way for longer than this comes then.
 */
const FEW_ROOMS = 100
const ALL_EACH = 12
const UNDER_WAY_MS = 30_000
const TICK_MS = 1_000
/** Rooms that nobody uses are forgotten after this long. */
const UNUSED_MS = 10 * 60_000
/** What a room takes beside its state, and each command that it remembers; in the unit of `Room.chars`. */
const ROOM_CHARS = 1_000
const COMMAND_CHARS = 300
/** How far the cache is emptied when it is over its bounds, so that the next second is not over them again. */
const LOW_WATER = 0.9

/** Rooms that nobody uses are forgotten, the one unused for longest first, when there are more than this (room-log.md 3). */
export interface CacheBounds {
  rooms: number
  /** Characters of JSON, of all rooms together. Parsed, each took 3 to 7 bytes of memory (Bun 1.4.5). */
  chars: number
}
const BOUNDS: CacheBounds = { rooms: 20_000, chars: 64_000_000 }

/** The fields of a snapshot that queries need. `at`: of the newest event, ms. */
export type Summary = Pick<RoomDoc, 'kind' | 'users' | 'deleted' | 'set'> & { at: number }

export interface CacheOptions<S, C> {
  parts: RoomParts
  summary: (state: S) => Summary
  reader: { freshen: (room: Room<S, C>) => Promise<void> }
  onError: (error: unknown) => void
  bounds?: CacheBounds | undefined
}

/** The rooms that this process knows: keeps their snapshots, reads the watched again, forgets the unused. */
export function roomCache<S extends { seq: number }, C>(options: CacheOptions<S, C>) {
  const { parts, summary, reader, onError, bounds = BOUNDS } = options
  const rooms = new Map<string, Room<S, C>>()
  let rereadAt = performance.now()
  let rereads = 0

  const room = (id: string): Room<S, C> => {
    const known = rooms.get(id)
    const found = known ?? emptyRoom<S, C>(id)
    if (known === undefined) rooms.set(id, found)
    found.usedAt = performance.now()
    return found
  }

  const keep = async (one: Room<S, C>): Promise<void> => {
    const { head } = one
    if (head === null || head.state === null || head.last === null || head.seq <= one.keptSeq) return
    const [before, dirty] = [one.keptSeq, one.dirtySince]
    one.keptSeq = head.seq
    one.dirtySince = null
    try {
      const { at, ...fields } = summary(head.state)
      const state = JSON.stringify(head.state)
      one.chars = state.length
      await parts.log.keep({ _id: one.id, seq: head.seq, last: head.last, at: new Date(at), state, ...fields })
    } catch (error) {
      one.keptSeq = before
      one.dirtySince = dirty
      onError(error)
    }
  }

  const isDue = ({ head, keptSeq, dirtySince }: Room<S, C>, now: number) =>
    dirtySince !== null && ((head?.seq ?? 0) - keptSeq >= SNAPSHOT_EVENTS || now - dirtySince > SNAPSHOT_MS)
  const weightOf = ({ chars, done }: Room<S, C>) => ROOM_CHARS + chars + done.size * COMMAND_CHARS
  const isIdle = ({ watchers, writing, queue }: Room<S, C>) => watchers.size === 0 && !writing && queue.length === 0

  const forget = async (one: Room<S, C>): Promise<void> => {
    await keep(one)
    if (isIdle(one) && one.dirtySince === null && rooms.get(one.id) === one) rooms.delete(one.id)
  }

  const watched = () => [...rooms.values()].filter(({ watchers }) => watchers.size > 0)
  const rereadWatched = () => {
    for (const one of watched()) reader.freshen(one).catch(onError)
  }

  /** The same, of those rooms only in which something is new. */
  const rereadNew = async (): Promise<void> => {
    const all = watched()
    if (all.length < FEW_ROOMS || rereads++ % ALL_EACH === 0) return rereadWatched()
    const limit = all.length
    const found = await parts.log.since({ at: new Date(parts.now().getTime() - UNDER_WAY_MS), limit })
    if (found.length === limit) return rereadWatched()
    const ends = new Map<string, number>()
    for (const { room: id, seq, n } of found) ends.set(id, Math.max(ends.get(id) ?? 0, seq + n - 1))
    for (const one of all) if ((ends.get(one.id) ?? 0) > (one.head?.seq ?? 0)) reader.freshen(one).catch(onError)
  }

  /** Makes room by what nobody uses. Watched rooms weigh as well, though only their watchers end them. */
  const relieve = (chars: number) => {
    const idle = [...rooms.values()].filter(isIdle).sort((a, b) => a.usedAt - b.usedAt)
    let left = { rooms: rooms.size, chars }
    for (const one of idle) {
      if (left.rooms <= bounds.rooms * LOW_WATER && left.chars <= bounds.chars * LOW_WATER) return
      left = { rooms: left.rooms - 1, chars: left.chars - weightOf(one) }
      void forget(one)
    }
  }

  const tick = () => {
    const now = performance.now()
    let chars = 0
    for (const one of rooms.values()) {
      chars += weightOf(one)
      if (isDue(one, now)) void keep(one)
      else if (now - one.usedAt > UNUSED_MS && isIdle(one)) void forget(one)
    }
    if (rooms.size > bounds.rooms || chars > bounds.chars) relieve(chars)
    if (now - rereadAt > REREAD_MS) {
      rereadAt = now
      rereadNew().catch(onError)
    }
  }
  const timer = setInterval(tick, TICK_MS)
  timer.unref()

  return {
    room,
    known: (id: string) => rooms.get(id),
    forget,
    rereadWatched,
    size: () => rooms.size,
    /** Keeps what is not kept yet. */
    close: async () => {
      clearInterval(timer)
      await Promise.all([...rooms.values()].map(keep))
    },
  }
}
