import type { Decider } from '../../shared/log/decider.ts'
import { RuleError } from '../../shared/rules.ts'
import type { EventDoc, RoomDoc } from '../store/docs.ts'
import { foldDoc } from './fold.ts'
import type { RoomParts } from './parts.ts'
import type { Room } from './room.ts'
import { Turns } from './turns.ts'

/** A folded state is used for this long without a tail read at most: room-log.md 3. */
export const TRUSTED_MS = 10 * 60_000
/** Retention takes nothing as young as this (server/env.ts). What is older may have gone unseen, so the snapshot is asked again. */
const YOUNG_MS = 60 * 60_000

/** Reads logs: brings a room's head to the log's end, and tells its watchers what it folded on the way. */
export function createReader<S extends { seq: number }, C, E>(parts: RoomParts, decider: Decider<S, C, E>) {
  const { log, now, onUnsound } = parts
  const reads = new Map<Room<S, C>, { next: Promise<void> | null; current: Promise<void> | null }>()

  /**
   * After it, the head is at least where the log ended when this was called. Calls that come before the read departs share
   * it. Error: room-unsound.
   */
  const freshen = (room: Room<S, C>): Promise<void> => {
    const shared = reads.get(room) ?? { next: null, current: null }
    reads.set(room, shared)
    shared.next ??= (async () => {
      await shared.current?.catch(() => {})
      shared.current = shared.next
      shared.next = null
      try {
        await read(room)
      } finally {
        if (shared.next === null) reads.delete(room)
      }
    })()
    return shared.next
  }

  const read = async (room: Room<S, C>): Promise<void> => {
    const began = performance.now()
    if (room.head === null || began - room.checkedAt > YOUNG_MS) await load(room)
    else if (!take(room, await log.tail({ room: room.id, from: room.head.seq + 1 }))) await load(room)
    room.unsound = false
    room.checkedAt = Math.max(room.checkedAt, began)
    room.usedAt = performance.now()
  }

  /** Folds what follows the head; false: it does not follow. */
  const take = (room: Room<S, C>, docs: readonly EventDoc[]): boolean => docs.every((doc) => fold(room, doc) !== 'gap')

  const fold = (room: Room<S, C>, doc: EventDoc) => {
    const folded = foldDoc(room, doc, decider)
    if (folded === 'folded') {
      room.turns ??= new Turns()
      room.turns.heard(doc.origin ?? '')
      tell(room, doc)
    }
    return folded
  }

  const tell = (room: Room<S, C>, doc: EventDoc) => {
    const state = room.head?.state
    if (state === null || state === undefined) return
    for (const watcher of room.watchers) watcher.landed({ doc, state })
  }

  /** From the snapshot, or from nothing. A log that does not fold from there either is an incident: room-log.md 2. */
  const load = async (room: Room<S, C>): Promise<void> => {
    const before = room.head
    const kept = await log.snapshot(room.id)
    const docs = await log.tail({ room: room.id, from: (kept?.seq ?? 0) + 1 })
    const fresh: Room<S, C> = {
      ...room,
      head: headOf(kept),
      at: kept?.at.getTime() ?? 0,
      watchers: new Set(),
      chars: kept?.state.length ?? 0,
    }
    // Here a document of what is folded already is one that overlaps: nothing but this read folds `fresh`.
    const folds = docs.every((doc) => foldDoc(fresh, doc, decider) === 'folded')
    const newest = docs.at(-1)?.at ?? kept?.at
    const isYoung = newest !== undefined && now().getTime() - newest.getTime() < YOUNG_MS
    // The worker may have kept a snapshot and removed what is below it between the two reads (room-log.md 12).
    if (!(folds && isYoung) && ((await log.snapshot(room.id))?.seq ?? 0) > (fresh.head?.seq ?? 0)) return load(room)
    if (!folds) {
      if (!room.unsound) onUnsound(room.id)
      room.unsound = true
      throw new RuleError('room-unsound')
    }
    // The stream may have brought more in the meantime.
    if (room.head !== before && room.head !== null && fresh.head !== null && room.head.seq >= fresh.head.seq) return
    room.head = fresh.head
    room.at = fresh.at
    room.chars = fresh.chars
    room.keptSeq = kept?.seq ?? 0
    room.dirtySince = docs.length === 0 ? null : performance.now()
    if (fresh.head !== null) for (const watcher of room.watchers) watcher.reset(fresh.head)
  }

  // edge: a snapshot's text is written by this project from a state of the same decider.
  const headOf = (kept: RoomDoc | null) =>
    kept === null
      ? { state: null, seq: 0, last: null }
      : { state: JSON.parse(kept.state) as S, seq: kept.seq, last: kept.last }

  /** A document from the change stream: folded where it follows, else the tail is read; false where it was known. */
  const arrived = (room: Room<S, C>, doc: EventDoc): boolean => {
    const folded = fold(room, doc)
    // Without a head it may have come after the tail was read that is being folded.
    if (folded === 'gap' && (room.head !== null || reads.has(room))) void freshen(room).catch(() => {})
    return folded === 'folded'
  }

  return { freshen, arrived, tell }
}
export type Reader<S extends { seq: number }, C, E> = ReturnType<typeof createReader<S, C, E>>
