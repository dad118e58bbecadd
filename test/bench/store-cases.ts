import assert from 'node:assert/strict'
import { type Collection, type IndexDescription } from 'mongodb'
import { randomId } from '../../server/secrets.ts'
import type { Doc } from '../../server/store/docs.ts'
import { isDuplicateKey } from '../../server/store/sink.ts'
import type { Table } from '../../server/store/table.ts'
import { gatheredLane, oneAfterAnother } from './hot-lane.ts'

/** A document of the size and with the indexes of a mailbox answer. */
export interface BenchDoc extends Doc {
  slot: string
  body: string
  /** How many commands the document holds: 1, but in the hot lane. */
  commands: number
  updates: number
  purgeAt: Date
}

/** The same work, one operation a round trip (`bare`, the driver as it is) and gathered. Rejects when a result is wrong. */
export interface Case {
  name: string
  /** The factor that the project promises. */
  target?: number
  /** How many commands (of the hot lane: documents may hold many) one operation stores; 0 for reads and updates. */
  stores: (i: number) => 0 | 1
  updates?: true
  bare: (i: number) => Promise<unknown>
  gathered: (i: number) => Promise<unknown>
}

export const INDEXES: IndexDescription[] = [
  { name: 'slot', key: { slot: 1 }, unique: true },
  { name: 'purge', key: { purgeAt: 1 }, expireAfterSeconds: 0 },
]
const SDP = 'v=0\r\n'.padEnd(700, 'a=candidate:1 1 udp 2113937151 192.0.2.1 5000 typ host\r\n')
const UPDATE = { $inc: { updates: 1 } }

export const benchDoc = (slot = randomId(), commands = 1): BenchDoc => ({
  _id: randomId(),
  slot,
  body: SDP,
  commands,
  updates: 0,
  purgeAt: new Date(Date.now() + 3_600_000),
})

export interface Bench {
  collection: Collection<BenchDoc>
  table: Table<BenchDoc>
  /** Documents that are there from the start: reads and updates are about them, and their slots are taken. */
  known: readonly BenchDoc[]
}

/** Every tenth document wants a slot that is taken. */
const isRefused = (i: number) => i % 10 === 0
const refusal = (error: unknown) => {
  if (isDuplicateKey(error)) return null
  throw error
}

export function storeCases({ collection, table, known }: Bench): Case[] {
  const knownAt = (i: number): BenchDoc => known[i % known.length] ?? assert.fail('nothing is known')
  const oneInTen = (i: number) => benchDoc(isRefused(i) ? knownAt(i).slot : undefined)
  const inTurn = oneAfterAnother()
  return [
    {
      name: 'inserts into cold unique slots',
      target: 8,
      stores: () => 1,
      bare: () => collection.insertOne(benchDoc()),
      gathered: async () => assert.deepEqual(await table.insert(benchDoc()), { stored: true }),
    },
    {
      name: 'inserts, 10 % refused',
      stores: (i) => (isRefused(i) ? 0 : 1),
      bare: async (i) => assert.equal((await collection.insertOne(oneInTen(i)).catch(refusal)) === null, isRefused(i)),
      gathered: async (i) =>
        assert.deepEqual(
          await table.insert(oneInTen(i)),
          isRefused(i) ? { stored: false, lost: 'slot' } : { stored: true },
        ),
    },
    {
      name: 'commands of one hot room',
      stores: () => 1,
      bare: () => inTurn(() => collection.insertOne(benchDoc())),
      gathered: gatheredLane(table, (commands) => benchDoc(undefined, commands)),
    },
    {
      name: 'point reads',
      stores: () => 0,
      bare: async (i) => assert.equal((await collection.findOne({ _id: knownAt(i)._id }))?.slot, knownAt(i).slot),
      gathered: async (i) => assert.equal((await table.byId(knownAt(i)._id))?.slot, knownAt(i).slot),
    },
    {
      name: 'updates',
      stores: () => 0,
      updates: true,
      bare: async (i) => assert.equal((await collection.updateOne({ _id: knownAt(i)._id }, UPDATE)).matchedCount, 1),
      gathered: async (i) => {
        const change = { id: knownAt(i)._id, when: {}, update: UPDATE, applied: () => false }
        assert.equal(await table.change(change), true)
      },
    },
  ]
}
