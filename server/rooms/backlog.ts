import type { EventDoc } from '../store/docs.ts'
import { lastOf } from './frames.ts'

/**
 * What may wait for one subscriber, in characters: a document may have 1 MB (room-log.md 6), and the one that was written last is
 * not to become a snapshot for those who read.
 */
export const BACKLOG_CHARS = 1_000_000
/** The same in documents: an entry of the list costs a little as well. */
export const BACKLOG_DOCS = 1_000
/** Consecutive documents are joined into one frame up to this. */
const FRAME_CHARS = 64_000

/** What waits for one subscriber, of all the rooms that it follows: over the bound the largest of them collapses. */
export class Backlogs {
  readonly #all = new Set<Backlog>()
  readonly #count: (chars: number) => void
  #chars = 0
  #docs = 0

  /** `count` hears by how much the characters that wait have changed, for the metrics. */
  constructor(count: (chars: number) => void) {
    this.#count = count
  }

  /** The queue of one more room; `collapse` empties it, and must. */
  open(collapse: () => void): Backlog {
    const opened = new Backlog(this, collapse)
    this.#all.add(opened)
    return opened
  }

  close(backlog: Backlog): void {
    backlog.clear()
    this.#all.delete(backlog)
  }

  changed(chars: number, docs: number): void {
    this.#chars += chars
    this.#docs += docs
    this.#count(chars)
    while (this.#chars > BACKLOG_CHARS || this.#docs > BACKLOG_DOCS) this.#largest()?.collapse()
  }

  #largest(): Backlog | undefined {
    let found: Backlog | undefined
    // By both bounds: a document counts as its share of the characters.
    const size = ({ chars, length }: Backlog) => chars + (length * BACKLOG_CHARS) / BACKLOG_DOCS
    for (const backlog of this.#all) if (found === undefined || size(backlog) > size(found)) found = backlog
    return found
  }
}

/** Documents of one room that wait for one subscriber, in order and without a gap. The texts are shared by all who wait for them. */
export class Backlog {
  chars = 0
  #docs: EventDoc[] = []
  readonly #all: Backlogs
  readonly collapse: () => void

  constructor(all: Backlogs, collapse: () => void) {
    this.#all = all
    this.collapse = collapse
  }

  get length(): number {
    return this.#docs.length
  }
  get first(): EventDoc | undefined {
    return this.#docs[0]
  }

  push(doc: EventDoc): void {
    this.#docs.push(doc)
    this.chars += doc.body.length
    this.#all.changed(doc.body.length, 1)
  }

  /** The documents of the next frame. */
  take(): EventDoc[] {
    let chars = 0
    let count = 0
    for (const { body } of this.#docs) {
      if (count > 0 && chars + body.length > FRAME_CHARS) break
      chars += body.length
      count++
    }
    this.chars -= chars
    const taken = this.#docs.splice(0, count)
    this.#all.changed(-chars, -count)
    return taken
  }

  /** What the subscriber has heard another way. */
  drop(upTo: number): void {
    const kept = this.#docs.filter((doc) => lastOf(doc) > upTo)
    if (kept.length === this.#docs.length) return
    this.clear()
    for (const doc of kept) this.push(doc)
  }

  clear(): void {
    const { chars, length } = this
    this.#docs = []
    this.chars = 0
    this.#all.changed(-chars, -length)
  }
}
