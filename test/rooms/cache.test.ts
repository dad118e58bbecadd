import { describe, expect, test } from 'bun:test'
import { type CacheBounds, roomCache } from '../../server/rooms/cache.ts'
import { createReader } from '../../server/rooms/reader.ts'
import { emptyRoom, type Room } from '../../server/rooms/room.ts'
import { createRoomLog } from '../../server/rooms/log.ts'
import type { RoomDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { openTally, type Tally, type TallyCommand, tallyDecider, type TallyEvent } from '../kit/tally.ts'
import { until } from '../kit/until.ts'

const { url } = useDatabase(import.meta.path)
const BOUNDS: CacheBounds = { rooms: 100, chars: 100_000 }
const summary = () => ({ kind: 'tally', at: Date.now(), users: [], deleted: false })

/** A cache whose snapshots go to `kept`, or wherever `keep` says; nothing is read. */
async function openCache(bounds: CacheBounds, keep?: () => Promise<void>) {
  const tally = await openTally(url)
  const kept: RoomDoc[] = []
  const log = { ...tally.store.log, keep: keep ?? (async (doc: RoomDoc) => void kept.push(doc)) }
  const parts = {
    log,
    now: () => new Date(),
    onUnsound: () => {},
    onConflict: () => {},
    onError: () => {},
    deadlineMs: 1,
  }
  const cache = roomCache<Tally, TallyCommand>({
    parts,
    summary,
    reader: { freshen: async () => {} },
    onError: () => {},
    bounds,
  })
  /** A room of that weight, unused for so long. */
  const add = (
    id: string,
    { chars, unusedMs = 0 }: { chars: number; unusedMs?: number },
  ): Room<Tally, TallyCommand> => {
    const room = cache.room(id)
    room.head = { state: { seq: 1, sum: 1, closed: false }, seq: 1, last: 'one' }
    room.keptSeq = 1
    room.chars = chars
    room.usedAt = performance.now() - unusedMs
    return room
  }
  const close = async () => {
    await cache.close()
    await tally.close()
  }
  return { ...cache, add, kept, known: (id: string) => cache.known(id) !== undefined, [Symbol.asyncDispose]: close }
}

describe('the rooms that a process remembers', () => {
  test('are forgotten when their bytes are over the bound, the one unused for longest first', async () => {
    await using cache = await openCache(BOUNDS)
    for (let i = 0; i < 9; i++) cache.add(`room ${i}`, { chars: 12_000, unusedMs: 1_000 * ((i * 7) % 9) })
    // 9 of 13,000: over 100,000; down to 90,000 three must go: those unused for 8, 7 and 6 seconds.
    await until(() => cache.size() < 9, { what: 'rooms forgotten' })
    expect(cache.size()).toBe(6)
    const gone = Array.from({ length: 9 }, (_, i) => i).filter((i) => !cache.known(`room ${i}`))
    expect(gone.map((i) => (i * 7) % 9).sort()).toEqual([6, 7, 8])
  })

  test('are forgotten when there are too many, however small', async () => {
    await using cache = await openCache({ rooms: 20, chars: 1_000_000 })
    for (let i = 0; i < 25; i++) cache.add(`room ${i}`, { chars: 10, unusedMs: 25 - i })
    await until(() => cache.size() < 25, { what: 'rooms forgotten' })
    expect(cache.size()).toBe(18)
    expect(cache.known('room 0')).toBe(false)
    expect(cache.known('room 24')).toBe(true)
  })

  test('stay while nothing is over the bounds, and go after ten minutes without use', async () => {
    await using cache = await openCache(BOUNDS)
    for (let i = 0; i < 7; i++) cache.add(`room ${i}`, { chars: 12_000, unusedMs: 9 * 60_000 })
    cache.add('old', { chars: 1, unusedMs: 11 * 60_000 })
    await until(() => !cache.known('old'), { what: 'the old one forgotten' })
    expect(cache.size()).toBe(7)
  })

  test('weigh by the commands that they remember as well', async () => {
    await using cache = await openCache(BOUNDS)
    const talkative = cache.add('talkative', { chars: 10, unusedMs: 10 })
    for (let i = 0; i < 400; i++) talkative.done.set(String(i), { by: 'x', hash: 'h', result: 'null', seq: i })
    cache.add('silent', { chars: 10 })
    await until(() => !cache.known('talkative'), { what: 'the talkative one forgotten' })
    expect(cache.known('silent')).toBe(true)
  })

  test('stay while they are watched or written, however much that is', async () => {
    await using cache = await openCache(BOUNDS)
    cache.add('watched', { chars: 80_000, unusedMs: 10 }).watchers.add({ landed: () => {}, reset: () => {} })
    cache.add('writing', { chars: 80_000, unusedMs: 10 }).writing = true
    cache.add('unused', { chars: 10 })
    await until(() => !cache.known('unused'), { what: 'the unused one forgotten' })
    expect([cache.known('watched'), cache.known('writing')]).toEqual([true, true])
  })

  test('leave a snapshot, and stay where none can be stored', async () => {
    await using cache = await openCache(BOUNDS)
    const dirty = cache.add('dirty', { chars: 200_000 })
    dirty.keptSeq = 0
    dirty.dirtySince = performance.now()
    await until(() => !cache.known('dirty'), { what: 'the dirty one forgotten' })
    expect(cache.kept).toMatchObject([{ _id: 'dirty', seq: 1 }])

    let asked = 0
    await using failing = await openCache({ rooms: 100, chars: 500 }, () =>
      Promise.reject(new Error(`down ${asked++}`)),
    )
    const room = failing.add('dirty', { chars: 200_000 })
    room.keptSeq = 0
    room.dirtySince = performance.now()
    await until(() => asked >= 2, { what: 'two attempts' })
    expect(failing.known('dirty')).toBe(true)
  })
})

test('a room weighs as much as its snapshot, and what came since', async () => {
  await using tally = await openTally(url)
  const id = crypto.randomUUID()
  await tally.send(id, { type: 'add', by: 1 })
  await tally.settle(id)
  await tally.send(id, { type: 'add', by: 2 })
  const kept = await tally.store.log.snapshot(id)
  const [newest] = await tally.store.log.tail({ room: id, from: 2 })
  const room = emptyRoom<Tally, TallyCommand>(id)
  await createReader(tally.parts, tallyDecider).freshen(room)
  expect(room.chars).toBe((kept?.state.length ?? 0) + (newest?.body.length ?? 0))
  expect(room.chars).toBeGreaterThan(100)
})

test('a room log over its bound forgets rooms, and reads them again as they were', async () => {
  await using tally = await openTally(url)
  const small = createRoomLog<Tally, TallyCommand, TallyEvent>({
    parts: tally.parts,
    decider: tallyDecider,
    usersOf: () => [],
    summary,
    onError: () => {},
    bounds: { rooms: 1_000, chars: 20_000 },
  })
  const ids = Array.from({ length: 50 }, () => crypto.randomUUID())
  const actor = { user: 'tester', service: false }
  const add = (room: string) =>
    small.send({ room, id: Bun.randomUUIDv7(), actor, command: { type: 'add', by: 2 }, hash: 'add' })
  await Promise.all(ids.map(add))
  await until(() => small.size() < 20, { what: 'rooms forgotten' })
  const done = await Promise.all(ids.map(add))
  expect(done.map(({ result }) => result)).toEqual(ids.map(() => 4))
  await small.close()
})
