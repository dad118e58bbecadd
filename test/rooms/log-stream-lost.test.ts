import { afterAll, describe, expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import type { Landed } from '../../server/rooms/room.ts'
import { docsOf } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { openTally, type Tally } from '../kit/tally.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'

// Failpoints are a parameter of mongod itself, so this file has one of its own.
const mongo = await startTestMongo({ parameters: { enableTestCommands: 1 } })
const client = await MongoClient.connect(mongo.url)
const db = client.db()
afterAll(async () => {
  await client.close()
  await mongo.stop()
})

const failPoint = (mode: string | { times: number }, data: Record<string, unknown> = {}) =>
  client.db('admin').command({ configureFailPoint: 'failCommand', mode, data: { appName: 'foyer-test', ...data } })

/** A process that watches a room over its own change stream. `rereads`: whether it does so when the stream tells of a gap. */
async function watching(room: string, { rereads }: { rereads: boolean }) {
  const may = { read: true }
  const tally = await openTally(mongo.url, (log) => ({
    log: { ...log, tail: async (key) => (may.read ? log.tail(key) : []) },
  }))
  const stop = new AbortController()
  const counts = { opens: 0, gaps: 0 }
  const again = () => rereads && tally.reread()
  void tally.store.watch(stop.signal, {
    open: () => (counts.opens++, again()),
    insert: (inserted) => void (inserted.kind === 'events' && tally.arrived(inserted.doc)),
    gap: () => (counts.gaps++, again()),
  })
  await until(() => counts.opens === 1, { what: 'the stream stands' })
  const heard: Tally[] = []
  const landed = ({ state }: Landed<Tally>) => void heard.push(state)
  await tally.watch(room, { landed, reset: ({ state }) => void (state !== null && heard.push(state)) })
  // Not the reads of every five seconds either.
  may.read = rereads
  const close = async () => {
    stop.abort()
    await tally.close()
  }
  return { heard, counts, may, versions: () => heard.map(({ seq }) => seq), [Symbol.asyncDispose]: close }
}

describe('a change stream whose history is lost (room-log.md 16)', () => {
  test('begins anew, and all that is watched is read again; control: without that the watcher is left behind', async () => {
    await using writer = await openTally(mongo.url)
    const { room, add, seen, faults } = recorder()
    await using watcher = await watching(room, { rereads: true })
    await using control = await watching(room, { rereads: false })
    const both = [watcher, control]
    // No stream gets on, or begins, until the failpoint is taken away.
    await failPoint('alwaysOn', { failCommands: ['getMore', 'aggregate'], errorCode: 286 })
    await add(writer)
    await until(() => both.every(({ counts }) => counts.gaps > 0), { what: 'both streams are lost' })
    await add(writer)
    await add(writer)
    await failPoint('off')
    await until(() => both.every(({ counts }) => counts.opens === 2), { what: 'both stand again' })
    await until(() => watcher.heard.at(-1)?.seq === 3, { what: 'what came between is heard', deadlineMs: 4_000 })
    expect(control.heard.at(-1)?.seq ?? 0).toBeLessThan(2)
    control.may.read = true
    await add(writer)
    await until(() => both.every(({ heard }) => heard.at(-1)?.seq === 4), { what: 'the next brings both to the end' })
    expect(watcher.versions()).toEqual([1, 2, 3, 4])
    seen.push(...watcher.heard, ...control.heard)
    expect(faults(await docsOf(db, room))).toEqual([])
  })

  test('is not begun anew for a cursor that is gone: the driver resumes it, and nothing is missing', async () => {
    await using writer = await openTally(mongo.url)
    const { room, add } = recorder()
    await using watcher = await watching(room, { rereads: false })
    await failPoint({ times: 1 }, { failCommands: ['getMore'], errorCode: 43 })
    for (let i = 0; i < 5; i++) await add(writer)
    await until(() => watcher.heard.length === 5, { what: 'all is heard' })
    expect(watcher.versions()).toEqual([1, 2, 3, 4, 5])
    expect(watcher.counts).toEqual({ opens: 1, gaps: 0 })
  })
})
