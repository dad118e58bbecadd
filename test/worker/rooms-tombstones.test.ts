import { beforeEach, describe, expect, test } from 'bun:test'
import { useDatabase } from '../kit/mongo.ts'
import { ruleOf } from '../kit/session.ts'
import { DAY, emptyRooms, HOUR, increment, openSweeper, send, type Sweeper } from './sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyRooms(db))

/** A room that was made and deleted that long ago. */
const deletedRoom = async (kit: Sweeper, { madeMs, deletedMs }: { madeMs: number; deletedMs: number }) => {
  const id = await kit.room([madeMs])
  const past = kit.process({ agoMs: deletedMs })
  await send(past, id, { type: 'delete', reason: 'over' })
  await past.settle(id)
  return id
}

describe('the tombstone of a deleted room', () => {
  test('stays as long as a piece of its log', async () => {
    await using kit = await openSweeper(url)
    const id = await deletedRoom(kit, { madeMs: 60 * HOUR, deletedMs: 23 * HOUR })
    expect(await kit.sweep()).toMatchObject({ deleted: 1, buried: 0 })
    expect((await kit.snapshot(id))?.purgeAt).toBeUndefined()
    expect(await kit.process().read(id)).toMatchObject({ deleted: { by: 'alice', reason: 'over' } })
  })

  test('is left to TTL for a month later, once its log is gone', async () => {
    await using kit = await openSweeper(url)
    const id = await deletedRoom(kit, { madeMs: 60 * HOUR, deletedMs: 59 * HOUR })
    expect(await kit.sweep()).toMatchObject({ deleted: 2, buried: 1 })
    expect(await kit.docs(id)).toEqual([])
    const purgeAt = (await kit.snapshot(id))?.purgeAt?.getTime() ?? 0
    expect(Math.abs(purgeAt - Date.now() - 30 * DAY)).toBeLessThan(60_000)
    expect(await kit.sweep()).toMatchObject({ deleted: 0, buried: 0 })
    expect((await kit.snapshot(id))?.purgeAt?.getTime()).toBe(purgeAt)
    // Until then who comes back hears of the deletion.
    expect(await kit.process().read(id)).toMatchObject({ deleted: { by: 'alice', reason: 'over' } })
    expect(await ruleOf(send(kit.process(), id, increment))).toBe('room-gone')
  })

  test('is not purged where the log could not be removed, be it as old as it may', async () => {
    await using kit = await openSweeper(url, { bounds: { page: 1, documents: 1 } })
    const id = await deletedRoom(kit, { madeMs: 60 * HOUR, deletedMs: 59 * HOUR })
    expect(await kit.sweep()).toMatchObject({ deleted: 1, buried: 0 })
    expect((await kit.snapshot(id))?.purgeAt).toBeUndefined()
    expect(await kit.sweep()).toMatchObject({ deleted: 1, buried: 1 })
  })

  test('a live room never gets, its log gone or not', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([60 * HOUR])
    for (let i = 0; i < 3; i++) await kit.sweep()
    expect(await kit.docs(id)).toEqual([])
    expect(await kit.snapshot(id)).toMatchObject({ deleted: false })
    expect((await kit.snapshot(id))?.purgeAt).toBeUndefined()
  })

  test('is counted once by several workers at once', async () => {
    await using kit = await openSweeper(url)
    for (let i = 0; i < 5; i++) await deletedRoom(kit, { madeMs: 60 * HOUR, deletedMs: 59 * HOUR })
    const workers = Array.from({ length: 4 }, () => kit.worker())
    const swept = await Promise.all(workers.map((worker) => worker.sweep()))
    expect(swept.reduce((sum, { buried }) => sum + buried, 0)).toBe(5)
    await Promise.all(workers.map((worker) => worker.close()))
  })
})
