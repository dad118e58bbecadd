import type { Collection, Db } from 'mongodb'
import { createReader } from '../../server/rooms/reader.ts'
import { type Done, emptyRoom } from '../../server/rooms/room.ts'
import { createWriter } from '../../server/rooms/writer.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { logId, type LogStore, logStore } from '../../server/store/log.ts'
import { type More, openTally, type Tally, type TallyCommand, tallyDecider, type TallyEvent, TESTER } from './tally.ts'

/** The log's collection, as a test moves its data. */
export const eventsIn = (db: Db): Collection<EventDoc> => db.collection<EventDoc>('events', MAJORITY)
const MAJORITY = { readConcern: { level: 'majority' }, writeConcern: { w: 'majority' } } as const

/** A room's documents, in order. */
export const docsOf = (db: Db, room: string): Promise<EventDoc[]> =>
  eventsIn(db)
    .find({ room }, { sort: { seq: 1 } })
    .toArray()

export interface Draft {
  room: string
  seq: number
  prev: string | null
  /** What each adds. */
  adds?: readonly number[]
  /** Ids of the commands, one an event; absent: a document without commands. */
  ids?: readonly string[]
  at?: number
}

/** A document as somebody else, or a naive writer, would form it. */
export function draft({ room, seq, prev, adds = [1], ids, at = Date.now() }: Draft): EventDoc {
  const events = adds.map((by, i) => ({ type: 'added', by, at, command: ids?.[i] ?? `draft ${seq + i}` }))
  const records = ids?.map((id, i) => {
    const hash = JSON.stringify({ type: 'add', by: adds[i] })
    return { id, by: TESTER.user, hash, result: 'null', seq: seq + i }
  })
  const commands = records === undefined ? {} : { commands: records }
  const body = JSON.stringify(events)
  return { _id: logId(new Date(at)), room, seq, n: adds.length, prev, at: new Date(at), ...commands, body }
}

/** The log over another collection than `events`: one without the indexes that its rules need. */
export const logOver = (db: Db, collection: string) => {
  const aside = { collection: (name: string) => db.collection(name === 'events' ? collection : name, MAJORITY) }
  // edge: the store asks a database for collections, and for nothing else.
  return logStore(aside as unknown as Db)
}

/** One room as one process knows it, in the hands of the test, which may back-date it. Otherwise as in server/rooms/log.ts. */
export async function holdRoom(url: string, id: string, more: More = {}) {
  const tally = await openTally(url, more)
  const { parts } = tally
  const reader = createReader<Tally, TallyCommand, TallyEvent>(parts, tallyDecider)
  const writer = createWriter({ parts, decider: tallyDecider, reader, usersOf: () => [] })
  const room = emptyRoom<Tally, TallyCommand>(id)
  const send = (_: string, command: TallyCommand, commandId: string = Bun.randomUUIDv7()) =>
    new Promise<Done<Tally>>((settle, fail) => {
      const given = { id: commandId, actor: TESTER, command, hash: JSON.stringify(command), over: false }
      room.queue.push({ ...given, now: parts.now().getTime(), arrived: performance.now(), settle, fail })
      void writer.run(room)
    })
  const { close } = tally
  return { parts, store: tally.store, unsound: tally.unsound, room, reader, send, [Symbol.asyncDispose]: close }
}

/** What a log does in place of the store's `append`; it is told how often it was called before. */
export type Append = (form: () => EventDoc, append: LogStore['append'], times: number) => ReturnType<LogStore['append']>

/** A log whose inserts go through another `append`. */
export const logAppends = (instead: Append) => (log: LogStore) => {
  let times = 0
  return { log: { ...log, append: (form: () => EventDoc) => instead(form, log.append, times++) } }
}

/** Brings a log what its connection's change stream tells, as the server does, until it is disposed. */
export async function follow(tally: Awaited<ReturnType<typeof openTally>>): Promise<Disposable> {
  const stop = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  void tally.store.watch(stop.signal, {
    open: () => {
      tally.reread()
      resolve()
    },
    insert: (inserted) => {
      if (inserted.kind === 'events') tally.arrived(inserted.doc)
    },
    gap: tally.reread,
  })
  await promise
  return { [Symbol.dispose]: () => stop.abort() }
}
