import type { EventDoc } from '../store/docs.ts'
import type { LogStore } from '../store/log.ts'

/** Events after a version, as they are in the log. */
export interface Span {
  room: string
  after: number
  upTo: number
}

/** Past this much a caller is better off with the whole room. */
const CHANGES_CHARS = 64_000

/** JSON text of the list of events after a version; null where they are not kept any more, or are too many. */
export async function changesSince(log: LogStore, { room, after, upTo }: Span): Promise<string | null> {
  const docs = await documentsAfter(log, { room, after })
  if (docs === null) return null
  const texts = docs.filter((doc) => doc.seq <= upTo).map((doc) => sliceAfter(doc, after))
  // Retention may have struck between the reads.
  const last = docs.findLast((doc) => doc.seq <= upTo)
  if (upTo > after && (last?.seq ?? 0) + (last?.n ?? 0) <= upTo) return null
  const joined = `[${texts.map((text) => text.slice(1, -1)).join(',')}]`
  return joined.length > CHANGES_CHARS ? null : joined
}

/** The documents that hold the events after a version, without a gap; null: some are not kept any more (room-log.md 12). */
export async function documentsAfter(log: LogStore, { room, after }: { room: string; after: number }) {
  const first = await log.holding({ room, seq: after + 1 })
  // None after it: because there is none, or because all are gone. Those lie below a snapshot.
  if (first === null) {
    const isNewest = (await log.tail({ room, from: after + 1 })).length === 0
    return isNewest && ((await log.snapshot(room))?.seq ?? 0) <= after ? [] : null
  }
  const rest = await log.tail({ room, from: first.seq + first.n })
  const docs = [first, ...rest]
  const whole = docs.every((doc, i) => i === 0 || doc.prev === docs[i - 1]?._id)
  return whole ? docs : null
}

/** The events of a document after a version, as JSON text: the document as it is, unless the version is inside of it. */
export function sliceAfter(doc: EventDoc, after: number): string {
  if (doc.seq > after) return doc.body
  const events: unknown = JSON.parse(doc.body)
  return JSON.stringify(Array.isArray(events) ? events.slice(after + 1 - doc.seq) : [])
}
