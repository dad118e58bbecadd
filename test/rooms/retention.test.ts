import { describe, expect, test } from 'bun:test'
import { createReader } from '../../server/rooms/reader.ts'
import { emptyRoom, type Room } from '../../server/rooms/room.ts'
import type { LogStore } from '../../server/store/log.ts'
import { useDatabase } from '../kit/mongo.ts'
import { ruleOf } from '../kit/session.ts'
import { openTally, type Tally, type TallyCommand, tallyDecider } from '../kit/tally.ts'

const { url } = useDatabase(import.meta.path)
const HOUR = 3_600_000

/** A room of some documents of yesterday, without a snapshot. */
async function openRoom({ documents = 4 } = {}) {
  const yesterday = new Date(Date.now() - 25 * HOUR)
  const tally = await openTally(url, { now: () => yesterday })
  const id = crypto.randomUUID()
  for (let i = 0; i < documents; i++) await tally.send(id, { type: 'add', by: 1 })
  const { log } = tally.store

  /** What the worker does: keeps a snapshot of all, and removes what is below it. */
  const retain = async () => {
    const last = (await log.tail({ room: id, from: 1 })).at(-1)
    if (last === undefined) throw new Error('nothing to remove')
    const seq = last.seq + last.n - 1
    const state = JSON.stringify({ seq, sum: seq, closed: false } satisfies Tally)
    await log.keep({ _id: id, kind: 'tally', seq, last: last._id, at: last.at, state, users: [], deleted: false })
    await log.events.deleteMany({ room: id })
  }
  const unsound: string[] = []
  /** A reader of another process; `over` changes what it sees of the log. */
  const reader = (over: Partial<LogStore> = {}) =>
    createReader(
      {
        log: { ...log, ...over },
        now: tally.store.clock.now,
        onUnsound: (room) => void unsound.push(room),
        onConflict: () => {},
        onError: () => {},
        deadlineMs: 5_000,
      },
      tallyDecider,
    )
  const room = (): Room<Tally, TallyCommand> => emptyRoom(id)
  return { ...tally, log, id, retain, reader, room, unsound }
}

describe('a reader whom retention overtakes', () => {
  test('between its snapshot and its tail reads both again', async () => {
    await using kit = await openRoom()
    const tail: LogStore['tail'] = async (key) => {
      if ((await kit.log.snapshot(kit.id)) === null) await kit.retain()
      return kit.log.tail(key)
    }
    const room = kit.room()
    await kit.reader({ tail }).freshen(room)
    // It has not taken the emptied slots for free ones: the next document goes to slot 5.
    expect(room.head).toMatchObject({ seq: 4, state: { sum: 4 } })
    expect(kit.unsound).toEqual([])
  })

  test('in the midst of its tail reads again as well', async () => {
    await using kit = await openRoom()
    const tail: LogStore['tail'] = async (key) => {
      const docs = await kit.log.tail(key)
      if ((await kit.log.snapshot(kit.id)) !== null) return docs
      await kit.retain()
      return docs.slice(2)
    }
    const room = kit.room()
    await kit.reader({ tail }).freshen(room)
    expect(room.head).toMatchObject({ seq: 4, state: { sum: 4 } })
    expect(kit.unsound).toEqual([])
  })

  test('after an hour without any read begins at the snapshot', async () => {
    await using kit = await openRoom()
    const [room, reader] = [kit.room(), kit.reader()]
    await reader.freshen(room)
    for (let i = 0; i < 3; i++) await kit.send(kit.id, { type: 'add', by: 1 })
    await kit.retain()
    room.checkedAt = performance.now() - 2 * HOUR
    await reader.freshen(room)
    expect(room.head).toMatchObject({ seq: 7, state: { sum: 7 } })
  })

  test('is not given a log that lost what no snapshot has', async () => {
    await using kit = await openRoom()
    await kit.log.events.deleteMany({ room: kit.id, seq: { $lte: 2 } })
    expect(await ruleOf(kit.reader().freshen(kit.room()))).toBe('room-unsound')
    expect(kit.unsound).toEqual([kit.id])
  })

  test('reads the snapshot of a room in use once', async () => {
    await using kit = await openRoom({ documents: 0 })
    const { reader, room, id } = kit
    await using live = await openTally(url)
    await live.send(id, { type: 'add', by: 1 })
    let asked = 0
    const snapshot: LogStore['snapshot'] = (key) => {
      asked++
      return kit.log.snapshot(key)
    }
    await reader({ snapshot }).freshen(room())
    expect(asked).toBe(1)
  })
})
