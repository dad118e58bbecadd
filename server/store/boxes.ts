import type { BoxCursor } from '../../shared/session/cursor.ts'
import type { Signal } from '../../shared/session/schema.ts'
import { boxAppends, type AppendOptions } from './box-appends.ts'
import { boxReads, PAGE } from './box-reads.ts'
import type { SignalDoc } from './docs.ts'
import { gather } from './gather.ts'

/** A signal as it lies in its box, and where a reader stands who has read it. */
export interface Boxed {
  signal: Signal
  seat: string
  cursor: BoxCursor
}

export interface BoxPage {
  /** Those that are neither expired nor dropped, in order. */
  found: Boxed[]
  /** After everything that was looked at, delivered or not; null: at the beginning of a box that was always empty. */
  cursor: BoxCursor | null
  /** Nothing is left after this page. */
  end: boolean
}

/** What belongs to a connection in the making and goes once it is made; a connection's ends stay until they expire. */
export const MAKING = ['offer', 'answer', 'candidates'] as const

/**
 * Seed 3's "lists of connection messages": append-only, one box a recipient (the session's id: its host; the seat's id: its
 * client). n counts without gaps, so a cursor is enough to read each signal once and in order, on any process. Signals
 * are dropped by emptying them, never by removal, and TTL removes them in order, the newest last.
 */
export function createBoxes(options: AppendOptions) {
  const { signals, clock } = options
  const reads = boxReads(signals.collection, clock.now)
  const appends = boxAppends(options, reads.edges)

  /** A page after the cursor. A cursor of an earlier incarnation of the box counts as its beginning. */
  const read = async (box: string, cursor: BoxCursor | null): Promise<BoxPage> => {
    if (cursor !== null && cursor.n > 0) {
      const [last, ...rest] = await reads.page({ box, from: cursor.n })
      if (last?.n === cursor.n && last.inc === cursor.inc)
        return pageOf(rest, { cursor, full: rest.length + 1 >= PAGE })
    }
    const edges = await reads.edges(box)
    if (edges === null) return { found: [], cursor, end: true }
    const resumed = cursor !== null && cursor.inc === edges.head.inc
    const from = resumed ? Math.max(edges.low, cursor.n + 1) : edges.low
    const docs = await reads.page({ box, from })
    return pageOf(docs, { cursor: resumed ? cursor : null, full: docs.length >= PAGE })
  }

  const pageOf = (docs: SignalDoc[], { cursor, full }: { cursor: BoxCursor | null; full: boolean }): BoxPage => {
    const now = clock.now()
    const last = docs.at(-1)
    return {
      found: docs.flatMap((doc) => (doc.body === undefined || doc.expiresAt <= now ? [] : boxed(doc, doc.body))),
      cursor: last === undefined ? cursor : { inc: last.inc, n: last.n },
      end: !full,
    }
  }

  // edge: a body is the JSON of a Signal, written by `append` alone.
  const boxed = ({ inc, n, seat }: SignalDoc, body: string): Boxed[] => [
    { signal: JSON.parse(body) as Signal, seat, cursor: { inc, n } },
  ]

  /** Empties the offers, answers and candidates of a seat up to a generation, in both boxes; the documents keep their n. */
  const blank = gather<{ seat: string; upTo: number }, void>(async (keys) => {
    const which = keys.map(({ seat, upTo }) => ({ seat, gen: { $lte: upTo } }))
    await signals.collection.updateMany(
      { $or: which, kind: { $in: [...MAKING] }, body: { $exists: true } },
      { $unset: { body: '' } },
    )
    return keys.map(() => undefined)
  })

  return { read, blank, append: appends.append, admit: appends.admit, wake: appends.wake, byId: signals.byId }
}
export type Boxes = ReturnType<typeof createBoxes>
