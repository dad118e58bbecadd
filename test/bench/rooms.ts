import { type BenchMongo, benchMongo } from './mongo.ts'
import { fanoutReport, memoryReport } from './rooms/audience-report.ts'
import { benchCommits, type CommitOptions } from './rooms/commits.ts'
import { commitsReport } from './rooms/commits-report.ts'
import { contenders, RUNTIMES } from './rooms/contenders.ts'
import { benchFanout, type FanoutOptions } from './rooms/fanout.ts'
import { benchMemory, type MemoryOptions } from './rooms/memory.ts'
import { machine } from './stats.ts'

export interface RoomsBenchOptions {
  hot: CommitOptions
  cold: CommitOptions
  fanout: FanoutOptions
  memory: MemoryOptions
}
const PARTS = ['hot', 'cold', 'fanout', 'memory'] as const
export type Part = (typeof PARTS)[number]

/** Each part by itself, as markdown; every figure is of this run, on this machine. */
const BENCHES: Record<Part, (mongo: BenchMongo, options: RoomsBenchOptions) => Promise<string>> = {
  hot: async (mongo, { hot }) => commitsReport(await benchCommits(contenders(mongo), hot)),
  cold: async (mongo, { cold }) => commitsReport(await benchCommits(contenders(mongo), cold)),
  fanout: async (mongo, { fanout }) => fanoutReport(await benchFanout(mongo, fanout), fanout),
  memory: async (mongo, { memory }) => memoryReport(await benchMemory(mongo, memory), memory),
}

export const DEFAULTS: RoomsBenchOptions = {
  hot: { lane: 'hot', writers: [1, 8, 64, 256], rooms: 0, rounds: 2, turns: 1, ms: 1_500, patienceMs: 2_500 },
  cold: { lane: 'cold', writers: [256], rooms: 10_000, rounds: 2, turns: 1, ms: 2_000, patienceMs: 2_500 },
  fanout: {
    subscribers: 1_000,
    plays: [
      { perSecond: 1, seconds: 5 },
      { perSecond: 10, seconds: 4 },
    ],
    flood: { writers: [4, 64], ms: 1_500 },
    rounds: 2,
  },
  memory: { subscribers: [0, 1_000, 5_000], settleMs: 2_000 },
}

if (import.meta.main) {
  const wanted = (process.env.ONLY ?? PARTS.join(',')).split(',')
  await using mongo = await benchMongo()
  const { sharedb, socketio, colyseus } = RUNTIMES
  console.log(`ShareDB 7.0.0 on ${sharedb}, Socket.IO 4.8.4 on ${socketio}, Colyseus 0.18 on ${colyseus}; ${machine()}`)
  for (const part of PARTS.filter((name) => wanted.includes(name))) {
    const began = performance.now()
    // A part that ends before its time does not take the others with it.
    const text = await BENCHES[part](mongo, DEFAULTS).catch((error: unknown) => {
      process.exitCode = 1
      return String(error)
    })
    console.log(`\n## ${part} (${((performance.now() - began) / 1_000).toFixed(0)} s)\n\n${text}`)
  }
}
