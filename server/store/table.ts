import type { AnyBulkWriteOperation, Collection, UpdateFilter } from 'mongodb'
import { committer, type CommitterOptions } from '../commit.ts'
import type { Doc } from './docs.ts'
import { filterOf } from './filters.ts'
import { gather } from './gather.ts'
import { sinkOf } from './sink.ts'

/** One conditional update of one document. */
export interface Change<D extends Doc> {
  id: string
  /** What must be true of the document besides its id. */
  when: Record<string, unknown>
  update: UpdateFilter<D>
  /** Tells from the document read afterwards whether this change is in it: asked only when some change of the batch found no match. */
  applied: (doc: D) => boolean
}

/** A collection whose reads, inserts and updates are each gathered into few round trips. */
export function tableOf<D extends Doc>(collection: Collection<D>, options: CommitterOptions = {}) {
  const commit = committer(sinkOf(collection), options)

  /** Loads the one document whose `field` has the value, among those that match `also`; null when there is none. */
  const oneBy = (field: keyof D & string, also: Record<string, unknown> = {}) =>
    gather<string, D | null>(async (keys) => {
      const docs = await collection.find<D>(filterOf<D>({ ...also, [field]: { $in: keys } })).toArray()
      const byKey = new Map(docs.map((doc) => [String(doc[field]), doc]))
      return keys.map((key) => byKey.get(key) ?? null)
    })

  /** Loads all documents whose `field` has the value, among those that match `also`. */
  const allBy = (field: keyof D & string, also: Record<string, unknown> = {}) =>
    gather<string, D[]>(async (keys) => {
      const docs = await collection.find<D>(filterOf<D>({ ...also, [field]: { $in: keys } })).toArray()
      const byKey = Map.groupBy(docs, (doc) => String(doc[field]))
      return keys.map((key) => byKey.get(key) ?? [])
    })

  const byId = oneBy('_id')

  const change = gather<Change<D>, boolean>(async (changes) => {
    const operations = changes.map(
      // edge: a generic document again; `Change` is what the callers are checked against.
      ({ id, when, update }) =>
        ({ updateOne: { filter: filterOf<D>({ ...when, _id: id }), update } }) as AnyBulkWriteOperation<D>,
    )
    const result = await collection.bulkWrite(operations, { ordered: false })
    // A bulk reply only counts its matches. All matched is the rule; else one read tells which.
    if (result.matchedCount === changes.length) return changes.map(() => true)
    return Promise.all(changes.map(async ({ id, applied }) => ((doc) => doc !== null && applied(doc))(await byId(id))))
  })

  /** Counts the live, unexpired holds of the collection. */
  const countHeld = (now: Date) =>
    collection.countDocuments(filterOf<D>({ live: true, expiresAt: { $gt: now } }), {
      readConcern: { level: 'majority' },
    })

  return {
    collection,
    countHeld,
    insert: commit.insert,
    append: commit.append,
    close: commit.close,
    byId,
    oneBy,
    allBy,
    change,
  }
}
export type Table<D extends Doc> = ReturnType<typeof tableOf<D>>
