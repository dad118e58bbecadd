import type { Decider } from '../../shared/log/decider.ts'
import type { Logged } from '../../shared/log/logged.ts'
import type { EventDoc } from '../store/docs.ts'
import type { Head, Room } from './room.ts'

/** How many commands a room remembers in memory; older repeats are found by the index. */
const REMEMBERED = 1_024

/** Parses a document's events. */
// edge: a body is written by plan.ts from the decider's own events, and nobody else writes to a log.
export const eventsOf = <E>(doc: EventDoc) => JSON.parse(doc.body) as Logged<E>[]

/** What folding a document came to: `old` was folded before; `gap`: something is missing between, or it is another history. */
export type Folded = 'folded' | 'old' | 'gap'

/** Folds one document into a room's head: checks `seq` and `prev` (room-log.md 2), and remembers its commands. */
export function foldDoc<S extends { seq: number }, C, E>(
  room: Room<S, C>,
  doc: EventDoc,
  decider: Decider<S, C, E>,
): Folded {
  const { head } = room
  if (head === null) return 'gap'
  if (doc.seq + doc.n - 1 <= head.seq) return 'old'
  if (doc.seq !== head.seq + 1 || doc.prev !== head.last) return 'gap'
  let { state } = head
  let seq = doc.seq
  for (const event of eventsOf<E>(doc)) state = decider.evolve(state, event, seq++)
  advance(room, { state, seq: doc.seq + doc.n - 1, last: doc._id })
  remember(room, doc)
  return 'folded'
}

/** The head moves on: it is to be kept in a snapshot some time. */
export function advance<S, C>(room: Room<S, C>, head: Head<S>): void {
  room.head = head
  room.dirtySince ??= performance.now()
}

/** Keeps when the document was, and what its commands did, for repeats that come soon. */
export function remember<S, C>(room: Room<S, C>, doc: EventDoc): void {
  room.chars += doc.body.length
  room.at = doc.at.getTime()
  for (const { id, by, hash, result, seq } of doc.commands ?? []) room.done.set(id, { by, hash, result, seq })
  for (const id of room.done.keys()) {
    if (room.done.size <= REMEMBERED) return
    room.done.delete(id)
  }
}
