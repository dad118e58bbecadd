import { RuleError } from '../shared/rules.ts'

/** What became of a document: stored, or refused by a unique index (its name; `_id_` means: stored before, by a repeat). */
export type Outcome = { stored: true } | { stored: false; lost: string }

/** What is known after one batch. `unknown`: no reply that decides (network, write concern): each document may be stored or not. */
export type BatchReply =
  | { kind: 'decided'; lost: ReadonlyMap<number, string> }
  | { kind: 'refused'; error: unknown }
  | { kind: 'unknown'; error: unknown }

/** One collection, as the committer sees it. server/store implements it. */
export interface Sink<D extends { _id: string }> {
  insert(docs: readonly D[]): Promise<BatchReply>
  /** Which of these ids are stored, by a majority read. */
  stored(ids: readonly string[]): Promise<ReadonlySet<string>>
  bytes(doc: D): number
}

export interface CommitterOptions {
  flights?: number
  batchDocs?: number
  batchBytes?: number
  docBytes?: number
  /** When the caller of a write with an unknown outcome is told so; the write itself goes on until it is decided. null: never. */
  deadlineMs?: number | null
  retryMs?: number
}

interface Entry<D> {
  lane: string | undefined
  form: () => D
  doc?: D
  retried: boolean
  settle: (outcome: Outcome) => void
  fail: (error: unknown) => void
}

const MB = 1_000_000

/**
 * The one write path of inserts: all that waits, of one hot room or of ten thousand cold ones, leaves in one unordered
 * insert (room-log.md 5-7). Batches are bounded, each document is decided by itself, and an unknown outcome is repeated
 * with the same `_id` until it is known. A `lane` (a room, a box) has at most one document unacknowledged; its next is
 * formed only then, so that it can contain whatever gathered meanwhile and build on what the first one settled.
 */
export function committer<D extends { _id: string }>(sink: Sink<D>, options: CommitterOptions = {}) {
  const {
    flights = 3,
    batchDocs = 500,
    batchBytes = 4 * MB,
    docBytes = MB,
    deadlineMs = 5_000,
    retryMs = 100,
  } = options
  const ready: Entry<D>[] = []
  const lanes = new Map<string, Entry<D>[]>()
  let flying = 0
  let scheduled = false
  let closed = false

  const append = (form: () => D, lane?: string): Promise<Outcome> => {
    if (closed) return Promise.reject(new RuleError('shutting-down'))
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    const timer =
      deadlineMs === null ? undefined : setTimeout(() => reject(new RuleError('unknown-outcome')), deadlineMs)
    const done = () => {
      clearTimeout(timer)
      // After the caller's first reaction, so that the lane's next document is formed on what this one settled.
      if (lane !== undefined) queueMicrotask(() => leaveLane(lane))
    }
    const settle = (outcome: Outcome) => (resolve(outcome), done())
    const fail = (error: unknown) => (reject(error), done())
    enqueue({ lane, form, retried: false, settle, fail })
    return promise
  }

  const enqueue = (entry: Entry<D>) => {
    const queue = entry.lane === undefined ? undefined : lanes.get(entry.lane)
    if (queue !== undefined) return void queue.push(entry)
    if (entry.lane !== undefined) lanes.set(entry.lane, [])
    ready.push(entry)
    schedule()
  }

  const leaveLane = (lane: string) => {
    const next = lanes.get(lane)?.shift()
    if (next === undefined) lanes.delete(lane)
    else {
      ready.push(next)
      schedule()
    }
  }

  // When the event loop's turn ends, so that all who came in it share the batch even when nothing flies. With 64 handshakes
  // at once each takes 0.7 commands and 1.0 ms of CPU, mongod's included; a microtask later it was 2.2 and 2.0.
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      while (flying < flights && ready.length > 0) void fly(take())
    })
  }

  const take = (): Entry<D>[] => {
    const batch: Entry<D>[] = []
    let bytes = 0
    let taken = 0
    for (const entry of ready) {
      if (batch.length >= batchDocs) break
      const size = formed(entry)
      if (size !== null && batch.length > 0 && bytes + size > batchBytes) break
      taken++
      if (size === null) continue
      bytes += size
      batch.push(entry)
    }
    ready.splice(0, taken)
    return batch
  }

  /** The entry's size in bytes, its document formed; null when it can never be sent, and its caller was told. */
  const formed = (entry: Entry<D>): number | null => {
    try {
      entry.doc ??= entry.form()
      const size = sink.bytes(entry.doc)
      if (size <= docBytes) return size
      entry.fail(new RuleError('too-large', { limit: docBytes }))
    } catch (error) {
      entry.fail(error)
    }
    return null
  }

  const fly = async (batch: Entry<D>[]): Promise<void> => {
    if (batch.length === 0) return
    flying++
    try {
      await send(batch)
    } finally {
      flying--
      schedule()
    }
  }

  const send = async (batch: Entry<D>[]): Promise<void> => {
    const docs = batch.flatMap((entry) => entry.doc ?? [])
    const reply = await sink.insert(docs)
    if (reply.kind === 'decided') return decide(batch, reply.lost)
    if (reply.kind === 'unknown') return repeat(batch)
    const [only] = batch
    if (only !== undefined && batch.length === 1) return refuse(only, reply.error)
    // One bad document must hurt nobody else: halve until it is alone. What was stored beside it is found by the repeat.
    for (const entry of batch) entry.retried = true
    const half = batch.length >> 1
    await Promise.all([send(batch.slice(0, half)), send(batch.slice(half))])
  }

  /** Refused now, a document may be stored all the same: by an attempt whose reply was lost. */
  const refuse = async (entry: Entry<D>, error: unknown) => {
    const id = entry.doc?._id
    const mine = !entry.retried || id === undefined ? new Set<string>() : await storedOrNull([id])
    if (mine === null) repeat([entry])
    else if (id !== undefined && mine.has(id)) entry.settle({ stored: true })
    else entry.fail(error)
  }

  const decide = async (batch: Entry<D>[], lost: ReadonlyMap<number, string>) => {
    const repeated = batch.filter((entry, i) => entry.retried && lost.has(i)).flatMap((entry) => entry.doc?._id ?? [])
    const mine = repeated.length === 0 ? new Set<string>() : await storedOrNull(repeated)
    if (mine === null) return repeat(batch)
    batch.forEach((entry, i) => {
      const index = lost.get(i)
      const stored = index === undefined || (entry.doc !== undefined && mine.has(entry.doc._id))
      entry.settle(stored ? { stored } : { stored, lost: index })
    })
  }

  const storedOrNull = (ids: string[]) => sink.stored(ids).catch(() => null)

  /** Flies again after a while; until then its place is free for others. */
  const repeat = (batch: Entry<D>[]) => {
    for (const entry of batch) entry.retried = true
    if (closed) return batch.forEach((entry) => entry.fail(new RuleError('unknown-outcome')))
    setTimeout(() => void fly(batch), retryMs)
  }

  return {
    /** Stores one document. `lane`: at most one document of it is unacknowledged. Rejects with `unknown-outcome`, `too-large` or the sink's error. */
    insert: (doc: D, lane?: string) => append(() => doc, lane),
    /** The same with a document that is formed when its batch departs. */
    append,
    /** No more writes; those with an unknown outcome are answered so. */
    close: () => {
      closed = true
    },
  }
}
export type Committer<D extends { _id: string }> = ReturnType<typeof committer<D>>
