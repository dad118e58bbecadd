import { expect, test } from 'bun:test'
import { retry } from '../../client/retry.ts'
import { startFleet } from '../kit/fleet.ts'
import { useDatabase } from '../kit/mongo.ts'
import { seeded, shuffled } from '../kit/random.ts'
import { tokenOf } from '../kit/tokens.ts'
import { until } from '../kit/until.ts'

const { url, db } = useDatabase(import.meta.path)
/** Long form: LONG=1 bun test test/fault/exactly-once.test.ts */
const LONG = process.env.LONG === '1'
const INCREMENTS = LONG ? 100_000 : 1_500
const KILLS = LONG ? 50 : 4
const LANES = 96

interface Sent {
  id: string
  by: number
}

test(`${INCREMENTS} increments, each sent 1-5 times in random order, over ${KILLS} kills -9: each counts once`, async () => {
  await using fleet = await startFleet({ url, size: 2 })
  const random = seeded(7)
  const token = await tokenOf('counter', { role: 'service' })
  const { room } = await fleet.client(token).room.create.mutate({ as: 'alice', data: { sum: 0 } })

  const once = Array.from({ length: INCREMENTS }, () => ({ id: Bun.randomUUIDv7(), by: 1 + Math.floor(random() * 9) }))
  const copies = once.flatMap((one) => Array.from({ length: 1 + Math.floor(random() * 5) }, () => one))
  const queue = shuffled(copies, random)
  const results = new Map<string, { version: number; value: unknown }>()
  let first = 0
  let wrong = 0

  const send = async ({ id, by }: Sent) => {
    const operations = [{ op: 'increment' as const, path: '/sum', by }]
    const reply = await retry((signal) =>
      fleet.client(token).room.edit.mutate({ room, id, as: 'alice', operations, reply: 'result' }, { signal }),
    )
    if (!reply.replayed) first++
    const known = results.get(id)
    if (known === undefined) results.set(id, { version: reply.version, value: reply.result })
    else if (known.version !== reply.version || !Bun.deepEquals(known.value, reply.result)) wrong++
  }
  const lane = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await send(next)
  }
  const total = queue.length
  const killer = async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const left = total * (1 - kill / (KILLS + 1))
      await until(() => queue.length <= left, { what: `${left} are left`, deadlineMs: 600_000 })
      await fleet.replaceOne()
    }
  }
  await Promise.all([killer(), ...Array.from({ length: LANES }, lane)])

  expect(fleet.kills()).toBe(KILLS)
  expect(wrong).toBe(0)
  // A first reply may be lost with its server; then only a repeat brings the result.
  expect(first).toBeLessThanOrEqual(INCREMENTS)
  const now = await fleet.client(token).room.get.query({ room })
  const sum = once.reduce((all, { by }) => all + by, 0)
  expect(now).toMatchObject({ status: 'live', version: INCREMENTS + 1, data: { sum } })
  const docs = await db.collection('events').find({ room }).sort({ seq: 1 }).toArray()
  const ids = docs.flatMap((doc) => doc.commands.map((one: { id: string }) => one.id))
  expect(new Set(ids).size).toBe(ids.length)
}, 900_000)
