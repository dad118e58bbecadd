import { type Collection, type IndexDescription, MongoClient } from 'mongodb'
import { randomId } from '../secrets.ts'
import { audienceStore } from './audience.ts'
import { databaseClock } from './clock.ts'
import { deckStore } from './decks.ts'
import type { Doc, Docs } from './docs.ts'
import { dutyStore } from './duties.ts'
import { connectLeases } from './lease-client.ts'
import { type LeaseListener, watchLeases } from './lease-stream.ts'
import type { LeaseTimes } from './leases.ts'
import { INDEXES } from './indexes.ts'
import { isDuplicateKey } from './sink.ts'
import { type WatchOptions, watchInserts } from './stream.ts'
import { friendStore } from './friends.ts'
import { logStore } from './log.ts'
import { notificationStore } from './notifications.ts'
import { presenceStore } from './presence.ts'
import { quizSweepStore } from './quiz-sweep.ts'
import { tableOf } from './table.ts'

export interface StoreOptions {
  /** A MongoDB URL with the database's name in its path (default: foyer). */
  url: string
  appName: string
  onError: (error: unknown) => void
  /** Of leases, where they are not the usual ones. */
  leaseTimes?: LeaseTimes | undefined
}

/** The only way to the database: tables with gathered reads and writes, the clock, the change stream. */
export async function connectStore({ url, appName, onError, leaseTimes }: StoreOptions) {
  const client = await MongoClient.connect(url, {
    appName,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    ignoreUndefined: true,
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 20_000,
    // A mongod that falls silent, or a connection that is half-open, holds nobody up for longer than both together: the monitor's
    // timeout breaks all connections. By the socket's alone it was 20 s for each connection of the pool.
    connectTimeoutMS: 3_000,
    heartbeatFrequencyMS: 2_000,
    // Few connections: the gatherers need three flights a collection, the change stream one.
    maxPoolSize: 32,
  })
  const name = databaseIn(url) ?? 'foyer'
  const db = client.db(name)
  const collection = <K extends keyof Docs>(name: K) => db.collection<Docs[K]>(name)
  await Promise.all(Object.entries(INDEXES).map(([name, indexes]) => ensureIndexes(db.collection<Doc>(name), indexes)))
  const clock = await databaseClock(db, onError)
  const tables = {
    offers: tableOf(collection('offers')),
    answers: tableOf(collection('answers')),
    sessions: tableOf(collection('sessions')),
    seats: tableOf(collection('seats')),
    signals: tableOf(collection('signals')),
    friends: friendStore(collection('friends')),
    decks: deckStore(collection('decks')),
    claims: tableOf(collection('claims')),
    links: tableOf(collection('links')),
  }
  const origin = randomId()
  const log = logStore(db, { origin })
  const quiz = logStore(db, { origin, family: 'quiz' })
  const presence = presenceStore(collection('presence'))
  const notifications = notificationStore(collection('notifications'))
  const audience = audienceStore(collection('audience'))
  const { leases, workers, closeLeases } = connectLeases({ url, name, appName, now: clock.now, times: leaseTimes })
  return {
    ...tables,
    /** Names this process: in its documents, and where it is to be told apart from others. */
    origin,
    log,
    /** The logs of quiz rooms. */
    quiz,
    /** What follows from the logs of quiz rooms and is not done yet. */
    duties: dutyStore(quiz.events),
    /** What the worker's sweep of quiz rooms asks. */
    quizSweep: quizSweepStore({ rooms: quiz.rooms, audience: collection('audience'), leases: collection('leases') }),
    presence,
    audience,
    leases,
    workers,
    /** Tells of leases that become wanted. */
    watchLeases: (signal: AbortSignal, on: LeaseListener) => watchLeases(db, signal, on),
    notifications,
    clock,
    /** A value that all processes share: the first to ask decides it. */
    setting: (id: string, propose: () => string) => sharedSetting(collection('settings'), id, propose),
    watch: (signal: AbortSignal, on: Parameters<typeof watchInserts>[2], only?: WatchOptions['only']) =>
      watchInserts(db, { signal, origin, only }, on),
    /** How many names of a kind are held now: an index count for the metrics. */
    count: (kind: 'offers' | 'sessions') => tables[kind].countHeld(clock.now()),
    ping: async () => void (await db.command({ ping: 1 })),
    close: async () => {
      clock.stop()
      for (const table of [...Object.values(tables), log, quiz, presence, audience]) table.close()
      await Promise.all([client.close(), closeLeases()])
    },
  }
}
export type Store = Awaited<ReturnType<typeof connectStore>>

/** The database that a MongoDB URL names. Not by `URL`: a list of hosts is none to it. */
const databaseIn = (url: string) => /^[^/]+\/\/[^/]+\/([^?]+)/.exec(url)?.[1]

async function ensureIndexes(collection: Collection<Doc>, indexes: IndexDescription[]) {
  if (indexes.length > 0) await collection.createIndexes(indexes)
}

async function sharedSetting(settings: Collection<Docs['settings']>, id: string, propose: () => string) {
  try {
    await settings.insertOne({ _id: id, value: propose() })
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  const found = await settings.findOne({ _id: id })
  if (found === null) throw new Error(`setting ${id} was removed while it was read`)
  return found.value
}
