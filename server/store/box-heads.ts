import { randomId } from '../secrets.ts'
import type { BoxEdges, BoxHead } from './box-reads.ts'
import type { Clock } from './clock.ts'
import type { SignalDoc } from './docs.ts'
import type { Table } from './table.ts'

export interface HeadOptions {
  signals: Table<SignalDoc>
  clock: Clock
  /** How long a signal may wait to be read, ms (CONNECTION_EXPIRY_MS). */
  expiryMs: number
}

/** What a process knows of a box. It may be used until `until` (ms): after that TTL may have removed what it says. */
export interface Known {
  n: number
  inc: string
  purgeAt: Date
  waiting: number
  until: number
}

/** About 5 MB; the box unused for longest is forgotten first, and read again. */
const KNOWN_BOXES = 20_000

/** The heads of boxes as this process knows them: from a majority read, or from its own acknowledged appends. */
export function boxHeads(
  { signals, clock, expiryMs }: HeadOptions,
  edgesOf: (box: string) => Promise<BoxEdges | null>,
) {
  const margin = expiryMs / 4
  const known = new Map<string, Known>()

  const remember = (box: string, head: Known): Known => {
    known.delete(box)
    known.set(box, head)
    if (known.size > KNOWN_BOXES) known.delete(known.keys().next().value ?? box)
    return head
  }

  const knownOf = ({ n, inc, purgeAt }: Omit<BoxHead, 'id'>, waiting: number): Known => {
    return { n, inc, purgeAt, waiting, until: purgeAt.getTime() - margin }
  }

  // Nobody else's first signal can be stored and purged again within the margin.
  const emptied = (): Known => {
    const now = clock.now()
    return { n: 0, inc: randomId(), purgeAt: now, waiting: 0, until: now.getTime() + margin }
  }

  /** A head that TTL may remove soon is kept first, or the box would lose its count under the next append. */
  const kept = async ({ head, waiting }: BoxEdges): Promise<Known> => {
    const now = clock.now().getTime()
    if (head.purgeAt.getTime() - margin > now) return knownOf(head, waiting)
    const purgeAt = new Date(now + expiryMs)
    const update = { $max: { purgeAt } }
    const there = await signals.change({ id: head.id, when: {}, update, applied: (doc) => doc.purgeAt >= purgeAt })
    return there ? knownOf({ ...head, purgeAt }, waiting) : emptied()
  }

  const fresh = (box: string): Known | null => {
    const head = known.get(box)
    return head !== undefined && clock.now().getTime() < head.until ? head : null
  }

  return {
    /** What is known and may be used; null: read it. */
    fresh,
    /** Reads the box's head, unless an append that was acknowledged in the meantime knows a newer one. */
    read: async (box: string): Promise<Known> => {
      const edges = await edgesOf(box)
      const read = edges === null ? emptied() : await kept(edges)
      const meanwhile = fresh(box)
      const newer = meanwhile !== null && meanwhile.n > read.n && (meanwhile.inc === read.inc || read.n === 0)
      return remember(box, newer ? { ...meanwhile, waiting: Math.max(1, read.waiting) } : read)
    },
    /** An append was acknowledged. */
    advance: (doc: SignalDoc) => {
      const waiting = (known.get(doc.box)?.waiting ?? 0) + (doc.body === undefined ? 0 : 1)
      remember(doc.box, knownOf(doc, waiting))
    },
    /** Another process was faster. */
    forget: (box: string) => known.delete(box),
  }
}
