import {
  BSON,
  type Collection,
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  type OptionalUnlessRequiredId,
} from 'mongodb'
import type { BatchReply, Sink } from '../commit.ts'
import type { Doc } from './docs.ts'
import { idIn } from './filters.ts'

/** The code of a unique index's refusal. */
const DUPLICATE_KEY = 11_000

/** Whether a single write was refused by a unique index. */
export const isDuplicateKey = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY

/** Bulk errors carry no keyPattern, so the index's name is read from the message (room-log.md 7). */
export const indexOf = (message: string) => /index: ([^\s]+)/.exec(message)?.[1] ?? 'unknown'

/** True where the reply was lost or does not decide: what was sent may be stored or not. */
const isUndecided = (error: unknown) =>
  error instanceof MongoNetworkError ||
  // The client was closed between a lost reply and its repeat.
  error instanceof MongoNotConnectedError ||
  error instanceof MongoServerSelectionError ||
  (error instanceof MongoError &&
    ['RetryableWriteError', 'NoWritesPerformed'].some((label) => error.hasErrorLabel(label))) ||
  (error instanceof MongoError &&
    !(error instanceof MongoServerError) &&
    /timed? ?out|closed|pool/i.test(error.message))

/** Overflow, InvalidBSON, BSONObjectTooLarge: mongod takes no document of the batch, and never will as it is. */
const MALFORMED: ReadonlySet<unknown> = new Set([15, 22, 10_334])

/** Reads what an unordered insert's failure says of each document. */
export function replyOf(error: unknown): BatchReply {
  if (!(error instanceof MongoBulkWriteError)) return { kind: isUndecided(error) ? 'unknown' : 'refused', error }
  if (error.result.getWriteConcernError() !== undefined || isUndecided(error)) return { kind: 'unknown', error }
  const errors = [error.writeErrors].flat()
  if (errors.length === 0 && MALFORMED.has(error.code)) return { kind: 'refused', error }
  const lost = new Map<number, string>()
  for (const each of errors) {
    if (each.code !== DUPLICATE_KEY) return { kind: 'refused', error }
    lost.set(each.index, indexOf(each.errmsg ?? ''))
  }
  return lost.size === 0 ? { kind: 'unknown', error } : { kind: 'decided', lost }
}

const ALL_STORED: BatchReply = { kind: 'decided', lost: new Map() }

/** A collection as the committer's sink: one unordered majority insert a batch. */
export const sinkOf = <D extends Doc>(collection: Collection<D>): Sink<D> => ({
  async insert(docs) {
    try {
      // edge: the driver's type wants proof that `_id` is there; `Doc` has it.
      await collection.insertMany(docs as readonly OptionalUnlessRequiredId<D>[], { ordered: false })
      return ALL_STORED
    } catch (error) {
      return replyOf(error)
    }
  },
  async stored(ids) {
    const found = await collection.find(idIn<D>(ids)).project<{ _id: string }>({ _id: 1 }).toArray()
    return new Set(found.map((doc) => doc._id))
  },
  bytes: (doc) => BSON.calculateObjectSize(doc),
})
