import type { Json } from '../../../shared/json.ts'

/** One command's events, as they stand in the log. */
export interface Doc {
  /** Of the insert: the same over its repeats. */
  insert: string
  /** Of the command: unique in the room. */
  id: string
  /** The first event's; from 1. */
  seq: number
  texts: readonly string[]
  result: Json
  /** The process, and under which epoch it believed to be the conductor; null: no conductor's. */
  node: string
  epoch: number | null
}

/** The room log as MongoDB keeps it: one document a slot, one a command id (room-log.md 1-9). */
export class SimLog {
  readonly docs: Doc[] = []
  readonly #byId = new Map<string, Doc>()

  /** How many events there are. */
  get end(): number {
    const last = this.docs.at(-1)
    return last === undefined ? 0 : last.seq + last.texts.length - 1
  }

  command(id: string): Doc | null {
    return this.#byId.get(id) ?? null
  }

  insert(doc: Doc): 'accepted' | 'taken' | 'repeat' {
    const stored = this.#byId.get(doc.id)
    if (stored !== undefined) return stored.insert === doc.insert ? 'accepted' : 'repeat'
    if (doc.seq !== this.end + 1) return 'taken'
    this.docs.push(doc)
    this.#byId.set(doc.id, doc)
    return 'accepted'
  }
}
