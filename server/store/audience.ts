import type { Collection } from 'mongodb'
import { committer } from '../commit.ts'
import type { AudienceDoc } from './docs-quiz.ts'
import { sinkOf } from './sink.ts'

/** Who watches quiz rooms: inserts only, so that the one change stream carries it; the newest of a server counts. */
export function audienceStore(audience: Collection<AudienceDoc>) {
  const commit = committer(sinkOf(audience))

  /** The newest entry of each server for a room since a time, oldest first. */
  const since = async (room: string, at: Date): Promise<AudienceDoc[]> => {
    const found = await audience.find({ room, at: { $gt: at } }, { sort: { at: 1 } }).toArray()
    return [...new Map(found.map((doc) => [doc.server, doc])).values()]
  }

  return { insert: commit.insert, close: commit.close, since }
}
export type AudienceStore = ReturnType<typeof audienceStore>
