import { readFile } from 'node:fs/promises'
import type { BenchMongo } from '../mongo.ts'
import { median } from '../stats.ts'
import { startGenerator, startKind } from './contenders.ts'
import { LISTENERS } from './fanout.ts'

export interface MemoryOptions {
  /** How many idle subscribers, from few to many: the first are what warms the server up. */
  subscribers: readonly number[]
  settleMs: number
}

export interface Resident {
  name: string
  /** MB of the server's process, by number of subscribers. */
  rssMb: number[]
}

const SAMPLES = 5

/** Linux: resident memory of a process, MB, once it is quiet. */
async function resident(pid: number, settleMs: number): Promise<number> {
  const samples: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    await Bun.sleep(settleMs / SAMPLES)
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    samples.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024)
  }
  return median(samples)
}

/** What subscribers cost a server that has nothing to tell them. */
export async function benchMemory(mongo: BenchMongo, { subscribers, settleMs }: MemoryOptions): Promise<Resident[]> {
  const results: Resident[] = []
  for (const { name, kind, perSocket } of LISTENERS) {
    await using server = await startKind(kind, mongo.database().url)
    await using generator = await startGenerator()
    await generator.ask('stage', { kind, port: server.port, perSocket })
    const rssMb: number[] = []
    for (const count of subscribers) {
      await generator.ask('gather', { subscribers: count })
      rssMb.push(await resident(server.pid, settleMs))
    }
    results.push({ name, rssMb })
  }
  return results
}
