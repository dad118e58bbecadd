import type { Db } from 'mongodb'
import type { Logged } from '../../shared/log/logged.ts'
import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomEvent, RoomState } from '../../shared/room/state.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import { docsOf } from './log-parts.ts'

/** A room as its log in MongoDB says: the majority-committed documents, folded from the first on. */
export interface RoomLog {
  state: RoomState
  events: readonly (Logged<RoomEvent> & { seq: number })[]
  /** The ids of its commands, as often as they are there. */
  commands: readonly string[]
}

/** Reads a room's whole log; throws where a document does not follow the one before. */
export async function roomLog(db: Db, room: string): Promise<RoomLog> {
  const docs = await docsOf(db, room)
  const events: (Logged<RoomEvent> & { seq: number })[] = []
  let state: RoomState | null = null
  for (const [nth, doc] of docs.entries()) {
    if (doc.seq !== (state?.seq ?? 0) + 1 || doc.prev !== (docs[nth - 1]?._id ?? null))
      throw new Error(`the document at ${doc.seq} does not follow`)
    for (const event of eventsOf<RoomEvent>(doc)) {
      const seq: number = (state?.seq ?? 0) + 1
      events.push({ ...event, seq })
      state = roomDecider.evolve(state, event, seq)
    }
  }
  if (state === null) throw new Error(`the room ${room} has no log`)
  return { state, events, commands: docs.flatMap(({ commands = [] }) => commands.map(({ id }) => id)) }
}
