import type { Db } from 'mongodb'
import { readChanges } from './change-stream.ts'
import type { Docs, EventDoc, PresenceDoc } from './docs.ts'
import type { AudienceDoc } from './docs-quiz.ts'

/** An insert that somebody may wait for: an answer for an offer, a signal, a notification, a piece of a log, who watches a room. */
export type Inserted =
  | { kind: 'answer'; offerId: string }
  | { kind: 'signal'; box: string }
  | { kind: 'notification'; user: string }
  | { kind: 'events'; doc: EventDoc }
  | { kind: 'presence'; doc: PresenceDoc }
  | { kind: 'quiz'; doc: EventDoc }
  | { kind: 'audience'; doc: AudienceDoc }

const WOKEN: readonly (keyof Docs)[] = ['answers', 'signals', 'notifications']
/** What comes whole. */
const WHOLE = { events: 'events', quizEvents: 'quiz', presence: 'presence', audience: 'audience' } as const
const ALL: readonly (keyof Docs)[] = [...WOKEN, 'events', 'quizEvents', 'presence', 'audience']

/** Those are only woken for; a log's documents are folded from the stream, so they come whole. */
const pipeline = ({ origin, only = ALL }: Pick<WatchOptions, 'origin' | 'only'>) => [
  {
    $match: {
      operationType: 'insert',
      'ns.coll': { $in: only },
      // What a process appends it folds when mongod has it; to decode the echo was 14 % of the time of many cold rooms.
      'fullDocument.origin': { $ne: origin },
    },
  },
  // Repeats of what other processes did meet the index: rare, while every process would decode every command's record.
  { $unset: 'fullDocument.commands' },
  {
    $project: {
      'ns.coll': 1,
      fullDocument: {
        $cond: [
          { $in: ['$ns.coll', WOKEN] },
          { offerId: '$fullDocument.offerId', box: '$fullDocument.box', user: '$fullDocument.user' },
          '$fullDocument',
        ],
      },
    },
  },
]

interface Projected {
  ns?: { coll?: string }
  fullDocument?: { offerId?: string; box?: string; user?: string }
}

const insertedOf = ({ ns, fullDocument }: Projected): Inserted | null => {
  if (fullDocument === undefined) return null
  const coll = ns?.coll
  // edge: the collection decides the document's type, which the driver's change type cannot know.
  if (coll !== undefined && coll in WHOLE)
    return { kind: WHOLE[coll as keyof typeof WHOLE], doc: fullDocument } as Inserted
  if (fullDocument.box !== undefined) return { kind: 'signal', box: fullDocument.box }
  if (fullDocument.user !== undefined) return { kind: 'notification', user: fullDocument.user }
  if (fullDocument.offerId !== undefined) return { kind: 'answer', offerId: fullDocument.offerId }
  return null
}

export interface WatchOptions {
  signal: AbortSignal
  /** The process: what it appended itself is left out. */
  origin: string
  /** These collections; absent: all that somebody may wait for. */
  only?: readonly (keyof Docs)[] | undefined
}

/**
 * The one change stream of a process. Calls `on.insert` for each majority-committed insert, but for what this process (`origin`)
 * appended to logs, and `on.gap` when the stream began anew and something may have been missed. Runs until the signal aborts.
 */
export function watchInserts(
  db: Db,
  { signal, origin, only }: WatchOptions,
  on: { open: () => void; insert: (inserted: Inserted) => void; gap: (error: unknown) => void },
): Promise<void> {
  const options = { batchSize: 1_000, maxAwaitTimeMS: 10_000 }
  return readChanges(() => db.watch<Projected>(pipeline({ origin, only }), options), signal, {
    open: on.open,
    change: (change) => {
      // edge: the pipeline's $project decides the shape, which the driver's type cannot know.
      const inserted = insertedOf(change as Projected)
      if (inserted !== null) on.insert(inserted)
    },
    gap: on.gap,
  })
}
