import { randomBytes } from 'node:crypto'
import type { Collection, Db } from 'mongodb'
import { committer } from '../commit.ts'
import type { CommandRecord, Docs, EventDoc, RoomDoc } from './docs.ts'
import { gather } from './gather.ts'
import { isDuplicateKey, sinkOf } from './sink.ts'

/** A room and the first `seq` that is wanted. */
export interface TailKey {
  room: string
  from: number
}

const stamp = (ms: number) => Math.floor(ms).toString(16).padStart(12, '0')

/** Every log document's `_id` from before that time is less than this, and every later one is greater. */
export const logIdBound = (at: Date) => stamp(at.getTime())

/** No other process's, and how many ids this one has made. */
const maker = randomBytes(12).toString('base64url')
let made = 0

/** The `_id` of a log document: its time first, so that old ones are found without an index of their own. */
export const logId = (at: Date) => `${stamp(at.getTime())}-${maker}${(++made).toString(36)}`

/** The two families of rooms, each with its own collections. */
export type LogFamily = 'data' | 'quiz'
const COLLECTIONS = {
  data: { events: 'events', rooms: 'rooms' },
  quiz: { events: 'quizEvents', rooms: 'quizRooms' },
} as const satisfies Record<LogFamily, { events: keyof Docs; rooms: keyof Docs }>

export interface LogStoreOptions {
  /** The process: its own documents are not read back from the stream. */
  origin?: string | undefined
  family?: LogFamily | undefined
}

export interface RoomsOf {
  users: readonly string[]
  after: string
  limit: number
}

/** Everything that asks of a log or its snapshots: majority reads on the primary (room-log.md 1), each gathered. */
export function logStore(db: Db, { origin, family = 'data' }: LogStoreOptions = {}) {
  const names = COLLECTIONS[family]
  const events = db.collection<EventDoc>(names.events)
  const rooms = db.collection<RoomDoc>(names.rooms)
  // A document whose outcome is unknown holds its room until it is known; commands have deadlines of their own (room-log.md 7).
  const commit = committer(sinkOf(events), { deadlineMs: null })

  /** The documents of a room from `from` on, in order. */
  const tail = gather<TailKey, EventDoc[]>(async (keys) => {
    const found = await events.find({ $or: keys.map(({ room, from }) => ({ room, seq: { $gte: from } })) }).toArray()
    const byRoom = Map.groupBy(found, (doc) => doc.room)
    for (const docs of byRoom.values()) docs.sort((a, b) => a.seq - b.seq)
    return keys.map(({ room, from }) => (byRoom.get(room) ?? []).filter((doc) => doc.seq >= from))
  })

  /** The document that holds the event `seq`, if it is still kept. */
  const holding = async ({ room, seq }: { room: string; seq: number }): Promise<EventDoc | null> => {
    const doc = await events.findOne({ room, seq: { $lte: seq } }, { sort: { seq: -1 } })
    return doc !== null && doc.seq + doc.n > seq ? doc : null
  }

  /** Where documents of any room end that are of a time or later, at most so many, in no order. */
  const since = ({ at, limit }: { at: Date; limit: number }): Promise<Pick<EventDoc, 'room' | 'seq' | 'n'>[]> =>
    events.find({ _id: { $gte: logIdBound(at) } }, { limit, projection: { _id: 0, room: 1, seq: 1, n: 1 } }).toArray()

  const snapshot = gather<string, RoomDoc | null>(async (ids) => {
    const found = await rooms.find({ _id: { $in: [...ids] } }).toArray()
    const byId = new Map(found.map((doc) => [doc._id, doc]))
    return ids.map((id) => byId.get(id) ?? null)
  })

  /** Stores a snapshot where there is none, or a smaller one: room-log.md 11. */
  const keep = gather<RoomDoc, void>(async (docs) => {
    const newest = new Map<string, RoomDoc>()
    for (const doc of docs) if ((newest.get(doc._id)?.seq ?? 0) < doc.seq) newest.set(doc._id, doc)
    await upsertNewer(rooms, [...newest.values()])
    return docs.map(() => undefined)
  })

  /** What the documents that did any of these commands of a room keep of their commands. */
  const doneBy = gather<{ room: string; ids: readonly string[] }, CommandRecord[]>(async (keys) => {
    const anyOf = keys.map(({ room, ids }) => ({ room, 'commands.id': { $in: [...ids] } }))
    const found = await events
      .find({ $or: anyOf })
      .project<Pick<EventDoc, 'room' | 'commands'>>({ room: 1, commands: 1 })
      .toArray()
    const byRoom = Map.groupBy(found, (doc) => doc.room)
    return keys.map(({ room }) => (byRoom.get(room) ?? []).flatMap((doc) => doc.commands ?? []))
  })

  /** Ids of rooms that one of these users is or was in, in order, after one; snapshots lag, so events are asked as well. */
  const roomsOf = async ({ users: those, after, limit }: RoomsOf): Promise<string[]> => {
    const users = { $in: [...those] }
    const kept = rooms
      .find({ users, deleted: false, _id: { $gt: after } }, { sort: { _id: 1 }, limit, projection: { _id: 1 } })
      .toArray()
    const logged = events
      .aggregate<{ _id: string }>([
        { $match: { users, room: { $gt: after } } },
        { $group: { _id: '$room' } },
        { $sort: { _id: 1 } },
        { $limit: limit },
      ])
      .toArray()
    const found = [...(await kept), ...(await logged)].map(({ _id }) => _id)
    return [...new Set(found)].sort().slice(0, limit)
  }

  /** Rooms of a set by their snapshots, the newest first. */
  const inSet = async (set: string, limit: number): Promise<string[]> => {
    const found = await rooms
      .find({ set, deleted: false }, { sort: { at: -1 }, limit, projection: { _id: 1 } })
      .toArray()
    return found.map(({ _id }) => _id)
  }

  return {
    events,
    rooms,
    roomsOf,
    inSet,
    append: (form: () => EventDoc) => commit.append(() => Object.assign(form(), { origin })),
    close: commit.close,
    tail,
    holding,
    since,
    snapshot,
    keep,
    doneBy,
    remove: async (id: string) => void (await events.deleteOne({ _id: id })),
  }
}
export type LogStore = ReturnType<typeof logStore>

async function upsertNewer(rooms: Collection<RoomDoc>, docs: readonly RoomDoc[]): Promise<void> {
  const operations = docs.map(({ _id, ...fields }) => ({
    updateOne: { filter: { _id, seq: { $lt: fields.seq } }, update: { $set: fields }, upsert: true },
  }))
  try {
    await rooms.bulkWrite(operations, { ordered: false })
  } catch (error) {
    // A newer snapshot stands there: the filter missed it, and the upsert met its `_id`.
    if (!isDuplicateKey(error)) throw error
  }
}
