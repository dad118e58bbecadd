import type { RoomDoc } from '../store/docs.ts'
import type { RoomParts } from './parts.ts'
import { emptyRoom, type Room } from './room.ts'

/** Snapshots: after this many events, or this long after a change (room-log.md 11). */
const SNAPSHOT_EVENTS = 200
const SNAPSHOT_MS = 10_000
/** Watched heads are read again this often, whatever the change stream said (room-log.md 16). */
const REREAD_MS = 5_000
const TICK_MS = 1_000
/** Rooms that nobody uses are forgotten, the one unused for longest first, when there are more than this, or after this long. */
const MOST_ROOMS = 20_000
const UNUSED_MS = 10 * 60_000

export interface CacheOptions<S, C> {
  parts: RoomParts
  summary: (state: S) => Pick<RoomDoc, 'kind' | 'users' | 'deleted'> & { at: number }
  reader: { freshen: (room: Room<S, C>) => Promise<void> }
  onError: (error: unknown) => void
}

/** The rooms that this process knows: keeps their snapshots, reads the watched again, forgets the unused. */
export function roomCache<S extends { seq: number }, C>({ parts, summary, reader, onError }: CacheOptions<S, C>) {
  const rooms = new Map<string, Room<S, C>>()
  let rereadAt = performance.now()

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
      await parts.log.keep({ _id: one.id, seq: head.seq, last: head.last, at: new Date(at), state, ...fields })
    } catch (error) {
      one.keptSeq = before
      one.dirtySince = dirty
      onError(error)
    }
  }

  const isDue = ({ head, keptSeq, dirtySince }: Room<S, C>, now: number) =>
    dirtySince !== null && ((head?.seq ?? 0) - keptSeq >= SNAPSHOT_EVENTS || now - dirtySince > SNAPSHOT_MS)
  const isIdle = ({ watchers, writing, queue }: Room<S, C>) => watchers.size === 0 && !writing && queue.length === 0

  const forget = async (one: Room<S, C>): Promise<void> => {
    await keep(one)
    if (isIdle(one) && one.dirtySince === null && rooms.get(one.id) === one) rooms.delete(one.id)
  }

  const rereadWatched = () => {
    for (const one of rooms.values()) if (one.watchers.size > 0) reader.freshen(one).catch(onError)
  }

  const tick = () => {
    const now = performance.now()
    for (const one of rooms.values()) if (isDue(one, now)) void keep(one)
    if (now - rereadAt > REREAD_MS) {
      rereadAt = now
      rereadWatched()
    }
    const idle = [...rooms.values()].filter(isIdle).sort((a, b) => a.usedAt - b.usedAt)
    const over = Math.max(0, rooms.size - MOST_ROOMS)
    idle.forEach((one, i) => {
      if (i < over || now - one.usedAt > UNUSED_MS) void forget(one)
    })
  }
  const timer = setInterval(tick, TICK_MS)
  timer.unref()

  return {
    room,
    known: (id: string) => rooms.get(id),
    rereadWatched,
    size: () => rooms.size,
    /** Keeps what is not kept yet. */
    close: async () => {
      clearInterval(timer)
      await Promise.all([...rooms.values()].map(keep))
    },
  }
}
