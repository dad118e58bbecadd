import { beforeEach, describe, expect, test } from 'bun:test'
import { eventsOf } from '../../server/rooms/fold.ts'
import type { Store } from '../../server/store/connect.ts'
import type { RoomEvent } from '../../shared/room/state.ts'
import { useDatabase } from '../kit/mongo.ts'
import { spawnWorker } from '../kit/processes.ts'
import { until } from '../kit/until.ts'
import { creationOf, DAY, emptyRooms, HOUR, increment, openSweeper, send } from './sweeper.ts'

const { url, db } = useDatabase(import.meta.path)
beforeEach(() => emptyRooms(db))
const LONG_AGO = 181 * DAY

describe('the sweep of idle rooms', () => {
  test('closes a room that had no event for ROOM_IDLE_MS, by an event of its log', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([LONG_AGO, LONG_AGO - HOUR])
    expect(await kit.sweep()).toMatchObject({ closed: 1 })
    const [last] = (await kit.docs(id)).slice(-1)
    expect(last === undefined ? null : eventsOf<RoomEvent>(last)).toMatchObject([
      { type: 'room.deleted', by: 'worker', reason: 'idle' },
    ])
    expect((await kit.process().read(id))?.deleted).toMatchObject({ by: 'worker', reason: 'idle' })
    expect(await kit.snapshot(id)).toMatchObject({ deleted: true, seq: 3 })
    expect(await kit.sweep()).toMatchObject({ closed: 0 })
  })

  test('leaves a room alone that was used since', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([LONG_AGO, 179 * DAY])
    expect(await kit.sweep()).toMatchObject({ closed: 0 })
    expect(await kit.snapshot(id)).toMatchObject({ deleted: false })
  })

  test('decides on the log where the snapshot lags, and brings that up to date', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([LONG_AGO])
    await send(kit.process({ killed: true }), id, increment)
    expect(await kit.sweep()).toMatchObject({ closed: 0 })
    expect(await kit.snapshot(id)).toMatchObject({ deleted: false, seq: 2 })
    expect((await kit.process().read(id))?.data).toEqual({ n: 1 })
  })

  test('loses to an edit that lands between its look at the log and its own event', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([LONG_AGO])
    const other = kit.process()
    let appends = 0
    const append: Store['log']['append'] = async (form) => {
      if (appends++ === 0) await send(other, id, increment)
      return kit.store.log.append(form)
    }
    const worker = kit.worker({ ...kit.store, log: { ...kit.store.log, append } })
    expect(await worker.sweep()).toMatchObject({ closed: 0 })
    expect(await kit.metrics.registry.metrics()).toContain('foyer_conflicts_total{index="slot"} 1')
    expect(await other.read(id)).toMatchObject({ deleted: null, data: { n: 1 } })
    // The snapshot tells, so that it is not looked at again.
    expect(await worker.sweep()).toMatchObject({ closed: 0, repaired: 0 })
    expect(await kit.snapshot(id)).toMatchObject({ seq: 2 })
    await worker.close()
  })

  test('makes one event of what several workers do at once', async () => {
    await using kit = await openSweeper(url)
    const ids = await Promise.all(Array.from({ length: 20 }, () => kit.room([LONG_AGO])))
    const commands = new Set<string>()
    const append: Store['log']['append'] = (form) =>
      kit.store.log.append(() => {
        const doc = form()
        for (const { id } of doc.commands ?? []) commands.add(id)
        return doc
      })
    const over = { ...kit.store, log: { ...kit.store.log, append } }
    const workers = Array.from({ length: 4 }, () => kit.worker(over))
    const swept = await Promise.all(workers.map((worker) => worker.sweep()))
    expect(swept.reduce((sum, { closed }) => sum + closed, 0)).toBe(20)
    // All of them sent the same command into a room.
    expect(await kit.metrics.registry.metrics()).toMatch(/foyer_conflicts_total\{index="slot"\} [1-9]/)
    expect(commands.size).toBe(20)
    for (const id of ids) {
      const events = (await kit.docs(id)).flatMap((doc) => eventsOf<RoomEvent>(doc))
      expect(events.filter(({ type }) => type === 'room.deleted')).toHaveLength(1)
      expect(await kit.snapshot(id)).toMatchObject({ deleted: true, seq: 2 })
    }
    await Promise.all(workers.map((worker) => worker.close()))
  })

  test('finds the room of a process that was killed before it kept any snapshot', async () => {
    await using kit = await openSweeper(url)
    const id = await kit.room([LONG_AGO], { killed: true })
    expect(await kit.snapshot(id)).toBeNull()
    expect(await kit.sweep()).toMatchObject({ repaired: 1, closed: 1 })
    expect(await kit.snapshot(id)).toMatchObject({ deleted: true })
  })

  test('goes on with the next rooms in its next turn, however many there are', async () => {
    await using kit = await openSweeper(url, { bounds: { rooms: 3 } })
    await Promise.all(Array.from({ length: 7 }, () => kit.room([LONG_AGO])))
    const closed: number[] = []
    for (let i = 0; i < 3; i++) closed.push((await kit.sweep()).closed)
    expect(closed).toEqual([3, 3, 1])
  })
})

test('a worker process closes an idle room, says so once, and counts it', async () => {
  await using kit = await openSweeper(url)
  const id = crypto.randomUUID()
  const live = crypto.randomUUID()
  const past = kit.process({ agoMs: 2 * HOUR })
  await send(past, id, creationOf(id))
  await past.settle(id)
  await send(kit.process(), live, creationOf(live))
  const worker = await spawnWorker({ url, env: { SWEEP_MS: '20', ROOM_IDLE_MS: String(HOUR), WORKER_CHILDREN: '0' } })
  await until(async () => (await kit.snapshot(id))?.deleted, { what: 'the idle room closed' })
  const metrics = async () => (await fetch(`${worker.url}/metrics`)).text()
  await until(async () => (await metrics()).includes('foyer_rooms_closed_total 1'), { what: 'the closing counted' })
  expect(await metrics()).toContain('foyer_sweep_failures_total 0')
  expect(worker.logs.filter((line) => line.includes('rooms swept'))).toHaveLength(1)
  expect((await kit.process().read(live))?.deleted).toBeNull()
  expect(await worker.stop()).toBe('exit code 0')
})
