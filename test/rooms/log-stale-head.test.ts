import { describe, expect, test } from 'bun:test'
import type { EventDoc } from '../../server/store/docs.ts'
import { docsOf, eventsIn, holdRoom, logAppends } from '../kit/log-parts.ts'
import { recorder } from '../kit/log-recorder.ts'
import { useDatabase } from '../kit/mongo.ts'
import { type More, openTally } from '../kit/tally.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
const MINUTE = 60_000

/** Three more by another process, which keeps a snapshot; and retention takes all of it. What it took is returned. */
async function goneBy({ room, add }: ReturnType<typeof recorder>): Promise<EventDoc[]> {
  await using other = await openTally(url)
  for (let i = 0; i < 3; i++) await add(other)
  await other.close()
  const gone = await docsOf(db, room)
  await eventsIn(db).deleteMany({ room })
  return gone
}

/** What a process that wakes up after so long writes, and what a new one reads then. */
async function asleepFor(ms: number) {
  const history = recorder()
  const { room, add, look, faults } = history
  await using sleeper = await holdRoom(url, room)
  await add(sleeper)
  await add(sleeper)
  const gone = await goneBy(history)
  sleeper.room.checkedAt -= ms
  const told = await add(sleeper)
  await using fresh = await openTally(url)
  const read = await look(fresh)
  return { told, read, faults: faults([...gone, ...(await docsOf(db, room))]) }
}

describe('a folded state (room-log.md 3)', () => {
  test('is not trusted over slots that retention may have emptied', async () => {
    expect(await asleepFor(24 * 60 * MINUTE)).toEqual({
      told: { seq: 6, result: 6, replayed: false },
      read: { seq: 6, sum: 6, closed: false },
      faults: [],
    })
  })

  test('control: trusted for longer than retention waits, it fills an emptied slot, and nobody reads what it wrote', async () => {
    const { told, read, faults } = await asleepFor(0)
    expect(told).toEqual({ seq: 3, result: 3, replayed: false })
    expect(read).toEqual({ seq: 5, sum: 5, closed: false })
    expect(faults).toContain('the document at 3 does not follow')
  })

  test.each([
    [11 * MINUTE, 1],
    [9 * MINUTE, 0],
  ])('is used for ten minutes without a tail read: after %d ms a write reads %d times', async (ms, reads) => {
    const { room, add } = recorder()
    let tails = 0
    await using held = await holdRoom(url, room, (log) => ({
      log: { ...log, tail: (key) => (tails++, log.tail(key)) },
    }))
    await add(held)
    tails = 0
    held.room.checkedAt -= ms
    await add(held)
    expect(tails).toBe(reads)
  })
})

/** A process whose insert takes so long that others, and then retention, come in between. */
async function slowWrite(verifyMs: number) {
  const history = recorder()
  const { room, add, look, faults } = history
  const gate = Promise.withResolvers<void>()
  let formed = 0
  const slow = logAppends(async (form, append, times) => {
    const doc = form()
    formed++
    if (times === 2) await gate.promise
    return append(() => doc)
  })
  await using sleeper = await openTally(url, (log) => ({ ...slow(log), verifyMs }))
  await add(sleeper)
  await add(sleeper)
  const told = add(sleeper)
  await until(() => formed === 3, { what: 'its document is formed' })
  const gone = await goneBy(history)
  gate.resolve()
  await told
  await using fresh = await openTally(url)
  const read = await look(fresh)
  return { told: await told, read, faults: faults([...gone, ...(await docsOf(db, room))]) }
}

describe('a write that took over an hour from its validation (room-log.md 12)', () => {
  test('is taken out of a slot that was emptied meanwhile, and decided again', async () => {
    expect(await slowWrite(-1)).toEqual({
      told: { seq: 6, result: 6, replayed: false },
      read: { seq: 6, sum: 6, closed: false },
      faults: [],
    })
  })

  test('control: answered unread, it is acknowledged and lost', async () => {
    const { told, read, faults } = await slowWrite(Number.POSITIVE_INFINITY)
    expect(told).toEqual({ seq: 3, result: 3, replayed: false })
    expect(read).toEqual({ seq: 5, sum: 5, closed: false })
    expect(faults).toContain('the document at 3 does not follow')
  })

  test.each([
    ['it is the newest', 0],
    ['others follow', 2],
  ])('stays where it is part of the log: %s, and a snapshot holds it', async (_, more) => {
    const { room, add, look, faults } = recorder()
    const gate = Promise.withResolvers<void>()
    const slow: More = (log) => ({
      ...logAppends(async (form, append) => {
        const outcome = await append(form)
        await gate.promise
        return outcome
      })(log),
      verifyMs: -1,
    })
    await using writer = await openTally(url, slow)
    const told = add(writer, 5)
    await until(async () => (await docsOf(db, room)).length === 1, { what: 'it is stored' })
    const other = await openTally(url)
    await look(other)
    for (let i = 0; i < more; i++) await add(other)
    await other.close()
    gate.resolve()
    expect(await told).toEqual({ seq: 1, result: 5, replayed: false })
    expect(await look(writer)).toMatchObject({ seq: 1 + more, sum: 5 + more })
    expect(faults(await docsOf(db, room))).toEqual([])
  })
})
