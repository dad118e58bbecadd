import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { creationOf, emptyRooms, HOUR, increment, openSweeper, send } from './sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyRooms(db))
const MINUTE = 60_000

describe('the snapshot that a killed process did not keep', () => {
  test('is kept by the worker after a minute, where there is none as where there is an older one', async () => {
    await using kit = await openSweeper(url)
    const none = await kit.room([3 * MINUTE, 2 * MINUTE], { killed: true })
    const older = await kit.room([HOUR])
    await send(kit.process({ agoMs: 2 * MINUTE, killed: true }), older, increment)
    expect(await kit.sweep()).toEqual({ repaired: 2, closed: 0, deleted: 0, buried: 0 })
    for (const id of [none, older]) {
      const state = await kit.process({ killed: true }).read(id)
      expect(await kit.snapshot(id)).toMatchObject({
        kind: 'data',
        seq: 2,
        users: ['alice'],
        state: JSON.stringify(state),
      })
    }
    expect(await kit.sweep()).toMatchObject({ repaired: 0 })
  })

  test('is left to its process while the newest event is of this minute', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([2 * MINUTE, 0], { killed: true })
    expect(await kit.sweep()).toMatchObject({ repaired: 0 })
    expect(await kit.snapshot(id)).toBeNull()
  })

  test('of rooms of another kind is none of this sweep`s', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([HOUR])
    await send(kit.process({ agoMs: 2 * MINUTE, killed: true }), id, increment)
    await kit.store.log.rooms.updateOne({ _id: id }, { $set: { kind: 'quiz' } })
    expect(await kit.sweep()).toMatchObject({ repaired: 0 })
    expect(await kit.snapshot(id)).toMatchObject({ kind: 'quiz', seq: 1 })
  })

  test('comes in a later sweep where there are many, and several workers do not get in each other`s way', async () => {
    await using kit = await openSweeper(url, { bounds: { rooms: 4 } })
    const past = kit.process({ agoMs: 2 * MINUTE, killed: true })
    const ids = Array.from({ length: 10 }, () => crypto.randomUUID())
    await Promise.all(ids.map((id) => send(past, id, creationOf(id))))
    const [one, two] = [kit.worker(), kit.worker()]
    const repaired: number[] = []
    for (let i = 0; i < 3; i++) {
      const swept = await Promise.all([one.sweep(), two.sweep()])
      repaired.push(...swept.map((each) => each.repaired))
    }
    expect(Math.max(...repaired)).toBe(4)
    expect((await Promise.all(ids.map(kit.snapshot))).map((doc) => doc?.seq)).toEqual(ids.map(() => 1))
    await Promise.all([one.close(), two.close()])
  })
})
