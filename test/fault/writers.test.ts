import { expect, test } from 'bun:test'
import { roomDecider } from '../../shared/room/decider.ts'
import type { RoomEvent, RoomState } from '../../shared/room/state.ts'
import { newsOf } from '../../shared/room/view.ts'
import { eventsOf } from '../../server/rooms/fold.ts'
import type { EventDoc } from '../../server/store/docs.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { tokenOf } from '../kit/tokens.ts'

const { url, db } = useDatabase(import.meta.path)
const WRITERS = 64
const EDITS = process.env.LONG === '1' ? 200 : 25

test('64 writers over 3 server processes: no gap, and replay(log) equals what was shown at every 100th seq', async () => {
  await using fleet = await startFleet({ url, size: 3 })
  const token = await tokenOf('backend', { role: 'service' })
  const owner = fleet.client(token)
  const data = { sum: 0, cells: {}, lines: [] }
  const { room } = await owner.room.create.mutate({ as: 'owner', data, capacity: WRITERS + 1 })
  const viewer = { user: 'writer-0', service: false }
  const shown = new Map<number, unknown>()

  const writer = async (_: unknown, n: number) => {
    const as = `writer-${n}`
    const show = ({ version, now }: { version: number; now: unknown }) => void shown.set(version, now)
    show(await fleet.client(token).room.join.mutate({ room, as }))
    for (let edit = 0; edit < EDITS; edit++) {
      const line = { op: 'append' as const, path: '/lines', values: [{ id: `${n}-${edit}`, n }] }
      const operations = [
        { op: 'increment' as const, path: '/sum', by: 1 },
        { op: 'set' as const, path: `/cells/${n % 8}`, value: edit },
        ...(n < 4 ? [line] : []),
      ]
      show(await fleet.client(token).room.edit.mutate({ room, as, operations }))
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))

  const docs = await db.collection<EventDoc>('events').find({ room }).sort({ seq: 1 }).toArray()
  let state: RoomState | null = null
  let compared = 0
  for (const doc of docs) {
    let seq = doc.seq
    for (const event of eventsOf<RoomEvent>(doc)) {
      expect(seq).toBe((state?.seq ?? 0) + 1)
      state = roomDecider.evolve(state, event, seq++)
      if (state.seq % 100 !== 0) continue
      expect<unknown>(newsOf(state, viewer)).toEqual(shown.get(state.seq))
      compared++
    }
  }
  const total = 1 + WRITERS + WRITERS * EDITS
  expect(state?.seq).toBe(total)
  expect(state?.data).toMatchObject({ sum: WRITERS * EDITS })
  expect(compared).toBe(Math.floor(total / 100))
  expect<unknown>(await owner.room.get.query({ room, as: 'writer-0' })).toEqual(
    state === null ? null : newsOf(state, viewer),
  )
}, 300_000)
