import type { Collection } from 'mongodb'
import type { EventDoc } from './docs.ts'

/** A page ends with the document that makes it this long. */
const PAGE_CHARS = 64_000
/** Documents in one reply of mongod: what a page leaves over was read in vain. */
const BATCH = 64

/**
 * Documents of a room from the one that holds the event `from` on, in order and without a gap: some of them, at least one. null:
 * that event is not kept any more, or not there yet. A majority read on the primary (room-log.md 1).
 */
export async function pageFrom(
  events: Collection<EventDoc>,
  { room, from }: { room: string; from: number },
): Promise<EventDoc[] | null> {
  const first = await events.findOne({ room, seq: { $lte: from } }, { sort: { seq: -1 } })
  if (first === null || first.seq + first.n <= from) return null
  const page = [first]
  let chars = first.body.length
  if (chars >= PAGE_CHARS) return page
  const rest = events.find({ room, seq: { $gt: first.seq } }, { sort: { seq: 1 }, batchSize: BATCH })
  try {
    for await (const doc of rest) {
      const before = page.at(-1)
      if (before === undefined || doc.seq !== before.seq + before.n || doc.prev !== before._id) break
      page.push(doc)
      chars += doc.body.length
      if (chars >= PAGE_CHARS) break
    }
  } finally {
    await rest.close()
  }
  return page
}
