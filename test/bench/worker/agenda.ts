import { Agenda } from 'agenda'
import { MongoBackend } from '@agendajs/mongo-backend'
import { until } from '../../kit/until.ts'
import { startMain } from '../children.ts'
import type { BenchMongo } from '../mongo.ts'

export interface AgendaOptions {
  samples: number
  /** `defaultLockLifetime` and `processEvery`, ms. */
  lockMs: number
  everyMs: number
}

/** From the kill -9 of a process to the next run of each of its jobs on another one, ms. */
export async function benchAgenda(mongo: BenchMongo, { samples, lockMs, everyMs }: AgendaOptions): Promise<number[]> {
  const { url, db } = mongo.database()
  const env = { LOCK_MS: String(lockMs), EVERY_MS: String(everyMs) }
  const start = () => startMain('test/bench/worker/agenda-child.ts', { url, env })
  const processes = [await start()]
  const queue = new Agenda({ backend: new MongoBackend({ mongo: db }) })
  try {
    await queue.ready
    for (let n = 0; n < samples; n++) await queue.now('conduct', { n })
    const runs = db.collection<{ n: number; pid: number; at: Date }>('runs')
    await until(async () => (await runs.distinct('n')).length === samples, { what: 'all jobs run', deadlineMs: 60_000 })
    processes.push(await start())
    const [victim] = processes
    const began = performance.now()
    await victim?.kill()
    const found = new Map<number, number>()
    await until(
      async () => {
        for (const { n } of await runs.find({ pid: { $ne: victim?.pid ?? 0 } }).toArray())
          if (!found.has(n)) found.set(n, performance.now() - began)
        return found.size === samples
      },
      { what: 'all jobs run again', deadlineMs: 2 * lockMs + 60_000 },
    )
    return [...found.values()]
  } finally {
    await queue.stop()
    await Promise.all(processes.map((one) => one.kill()))
  }
}
