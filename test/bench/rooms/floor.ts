import { randomBytes } from 'node:crypto'
import { MongoClient, MongoServerError } from 'mongodb'
import { oneAfterAnother } from '../hot-lane.ts'
import { serveActs } from './acting.ts'
import { coldRoom, type Lane, type Setup, writingActs } from './lanes.ts'

/** A log document, as small as it can be. */
interface FloorDoc {
  _id: string
  room: string
  seq: number
  body: string
}

const DUPLICATE_KEY = 11_000
const BODY = JSON.stringify([{ type: 'data.edited', operations: [{ op: 'increment', path: '/n', by: 1 }] }])
const isRefused = (error: unknown) => error instanceof MongoServerError && error.code === DUPLICATE_KEY

/**
 * The floor: a room log by the bare driver, one majority insert a round trip under the unique index (room, seq). Nothing is
 * checked, folded, remembered or told to anybody. Writers of the hot room queue, which is the best that they can do: where 64
 * race for the slot, and who lost it reads the newest `seq` and tries again, they come to 65 writes a second.
 */
async function open({ url, lane, rooms }: Setup): Promise<Lane> {
  const client = await MongoClient.connect(url, {
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    maxPoolSize: 128,
  })
  const events = client.db().collection<FloorDoc>('floor')
  await events.createIndex({ room: 1, seq: 1 }, { unique: true })

  const insert = (room: string, seq: number) =>
    events.insertOne({
      _id: `${Date.now().toString(16)}-${randomBytes(12).toString('base64url')}`,
      room,
      seq,
      body: BODY,
    })
  const newest = async (room: string) => (await events.findOne({ room }, { sort: { seq: -1 } }))?.seq ?? 0

  const heads = new Map<string, number>()
  const append = async (room: string): Promise<void> => {
    for (;;) {
      const seq = (heads.get(room) ?? 0) + 1
      try {
        await insert(room, seq)
        return void heads.set(room, Math.max(seq, heads.get(room) ?? 0))
      } catch (error) {
        if (!isRefused(error)) throw error
        heads.set(room, Math.max(await newest(room), heads.get(room) ?? 0))
      }
    }
  }
  if (lane === 'hot') {
    const inTurn = oneAfterAnother()
    return { write: () => inTurn(() => append('hot')), sum: () => events.countDocuments({ room: 'hot' }) }
  }
  return {
    write: (caller, i) => append(`cold-${coldRoom(caller, i, rooms)}`),
    sum: () => events.countDocuments({ room: { $ne: 'hot' } }),
  }
}

serveActs(writingActs(open))
