import type { IndexDescription } from 'mongodb'
import type { Docs } from './docs.ts'

const ttl: IndexDescription = { name: 'purge', key: { purgeAt: 1 }, expireAfterSeconds: 0 }
/** Of a collection of logs: slots and command ids decide races (room-log.md). */
const logIndexes: IndexDescription[] = [
  { name: 'slot', key: { room: 1, seq: 1 }, unique: true },
  // Partial: two documents without commands would collide on null (room-log.md, "Documents").
  {
    name: 'command',
    key: { room: 1, 'commands.id': 1 },
    unique: true,
    partialFilterExpression: { 'commands.id': { $exists: true } },
  },
  { name: 'users', key: { users: 1, room: 1 }, partialFilterExpression: { users: { $exists: true } } },
]
const snapshotIndexes: IndexDescription[] = [
  { name: 'users', key: { users: 1, _id: 1 }, partialFilterExpression: { deleted: false } },
  { name: 'idle', key: { at: 1 }, partialFilterExpression: { deleted: false } },
  // Finds the tombstones that TTL is not to see yet.
  { name: 'tombstones', key: { purgeAt: 1, at: 1 }, partialFilterExpression: { deleted: true } },
  ttl,
]
const whileLive = { unique: true, partialFilterExpression: { live: true } }

/**
 * The indexes, by collection. Unique ones decide every race; their names are what `Outcome.lost` says. TTL ones work on
 * `purgeAt`, which nothing reads for a decision about who holds a name.
 */
export const INDEXES: Record<keyof Docs, IndexDescription[]> = {
  offers: [{ name: 'room', key: { room: 1 }, ...whileLive }, ttl],
  answers: [{ name: 'offer', key: { offerId: 1 }, unique: true }, ttl],
  sessions: [
    { name: 'name', key: { name: 1 }, ...whileLive },
    // Serves the public list: newest first, only what is listed.
    { name: 'list', key: { at: -1, _id: 1 }, partialFilterExpression: { live: true, visibility: 'public' } },
    ttl,
  ],
  seats: [
    { name: 'client', key: { session: 1, name: 1 }, ...whileLive },
    { name: 'slot', key: { session: 1, slot: 1 }, ...whileLive },
    ttl,
  ],
  signals: [{ name: 'order', key: { box: 1, n: 1 }, unique: true }, { name: 'seat', key: { seat: 1 } }, ttl],
  events: logIndexes,
  rooms: snapshotIndexes,
  quizEvents: [
    ...logIndexes,
    { name: 'duties', key: { duties: 1, _id: 1 }, partialFilterExpression: { duties: { $exists: true } } },
  ],
  quizRooms: [
    ...snapshotIndexes,
    { name: 'set', key: { set: 1, at: -1 }, partialFilterExpression: { set: { $exists: true } } },
  ],
  presence: [{ name: 'room', key: { room: 1, at: 1 } }, ttl],
  friends: [{ name: 'users', key: { users: 1, status: 1, _id: 1 } }],
  notifications: [
    { name: 'order', key: { user: 1, prev: 1 }, unique: true },
    { name: 'inbox', key: { user: 1, n: 1 } },
    ttl,
  ],
  settings: [],
  decks: [
    { name: 'owner', key: { owner: 1, _id: 1 } },
    { name: 'public', key: { visibility: 1, _id: 1 }, partialFilterExpression: { visibility: 'public' } },
    ttl,
  ],
  claims: [ttl],
  audience: [{ name: 'room', key: { room: 1, at: 1 } }, ttl],
  links: [ttl],
  leases: [
    { name: 'due', key: { status: 1, expiresAt: 1 } },
    { name: 'worker', key: { 'holder.worker': 1 }, partialFilterExpression: { status: 'held' } },
    ttl,
  ],
  workers: [{ name: 'lost', key: { lost: 1, expiresAt: 1 } }, { name: 'heard', key: { renewedAt: 1 } }, ttl],
}
