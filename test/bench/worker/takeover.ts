import type { Db } from 'mongodb'
import type { EventDoc } from '../../../server/store/docs.ts'
import type { LeaseDoc, WorkerDoc } from '../../../server/store/docs-quiz.ts'
import { until } from '../../kit/until.ts'
import { type Child, startWorker } from '../children.ts'
import type { BenchMongo } from '../mongo.ts'
import { makeRooms, openBenchFoyer } from './foyer.ts'

export interface TakeoverOptions {
  /** Rooms whose conductors are lost, each a sample. */
  samples: number
  /** `child`: kill -9 of the process that conducts. `host`: of it and its supervisor. */
  lost: 'child' | 'host'
  /** Settings of leases; none: the usual ones. */
  env?: Record<string, string>
}

/** A question that stays open: what is conducted goes on where it was. */
const PAYLOAD = { questionMs: 3_600_000, silentAfter: null }

/** From the kill of the process to the first append of another one in each room, ms. */
export async function benchTakeover(
  mongo: BenchMongo,
  { samples, lost, env = {} }: TakeoverOptions,
): Promise<number[]> {
  const { url, db } = mongo.database()
  await using opened = await openBenchFoyer(url)
  const settings = { ...env, WORKER_CHILDREN: '1', LOG_LEVEL: 'info' }
  const workers = [await startWorker(url, settings)]
  try {
    const rooms = await makeRooms(opened.foyer, { db, count: samples, payload: PAYLOAD })
    await until(async () => (await conducted(db)).length === rooms.length, {
      what: 'all are conducted',
      deadlineMs: 30_000,
    })
    workers.push(await startWorker(url, settings))
    await until(async () => (await db.collection('workers').countDocuments({})) > 1, {
      what: 'there is another worker',
    })
    const before = new Map((await conducted(db)).map(({ _id, epoch }) => [_id, epoch]))
    const began = performance.now()
    const at = new Date()
    await kill(db, workers, lost)
    return await takenOver(db, { before, began, at })
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
  }
}

const conducted = (db: Db) => db.collection<LeaseDoc>('leases').find({ status: 'held' }).toArray()

async function kill(db: Db, [victim]: readonly Child[], lost: TakeoverOptions['lost']): Promise<void> {
  const holders = new Set((await conducted(db)).map(({ holder }) => holder?.worker ?? ''))
  const held = await db
    .collection<WorkerDoc>('workers')
    .find({ _id: { $in: [...holders] } })
    .toArray()
  if (lost === 'host') void victim?.kill()
  for (const { pid } of held) process.kill(pid, 'SIGKILL')
}

/** Of each room, when `conductor.started` of a newer epoch was appended. */
async function takenOver(
  db: Db,
  { before, began, at }: { before: ReadonlyMap<string, number>; began: number; at: Date },
) {
  const found = new Map<string, number>()
  await until(
    async () => {
      const docs = await db
        .collection<EventDoc>('quizEvents')
        .find({ at: { $gte: at }, body: /"conductor.started"/, room: { $in: [...before.keys()] } })
        .project<Pick<EventDoc, 'room'>>({ room: 1 })
        .toArray()
      for (const { room } of docs) if (!found.has(room)) found.set(room, performance.now() - began)
      return found.size === before.size
    },
    { what: `all ${before.size} rooms are conducted again`, deadlineMs: 60_000 },
  )
  return [...found.values()]
}
