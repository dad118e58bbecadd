import type { Collection } from 'mongodb'
import { committer } from '../commit.ts'
import type { PresenceDoc } from './docs.ts'
import { sinkOf } from './sink.ts'

/** Presence: inserts only, so that the one change stream carries it; the newest of a connection counts. */
export function presenceStore(presence: Collection<PresenceDoc>) {
  const commit = committer(sinkOf(presence))

  /** The newest entry of each connection of a room since a time, oldest first; those that are gone too. */
  const since = async (room: string, at: Date): Promise<PresenceDoc[]> => {
    const found = await presence.find({ room, at: { $gt: at } }, { sort: { at: 1 } }).toArray()
    return [...new Map(found.map((doc) => [`${doc.user} ${doc.conn}`, doc])).values()]
  }

  return { insert: commit.insert, close: commit.close, since }
}
export type PresenceStore = ReturnType<typeof presenceStore>
