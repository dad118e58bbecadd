import { expect, test } from 'bun:test'
import { benchMongo } from './mongo.ts'
import { fanoutReport } from './rooms/audience-report.ts'
import { benchCommits, type CommitOptions } from './rooms/commits.ts'
import { commitsReport } from './rooms/commits-report.ts'
import { contenders } from './rooms/contenders.ts'
import { benchFanout } from './rooms/fanout.ts'

const SHORT = { rounds: 1, turns: 1, ms: 60, patienceMs: 20_000 }
const LANES: readonly (CommitOptions & { contenders: number })[] = [
  { lane: 'hot', writers: [3], rooms: 0, contenders: 10, ...SHORT },
  { lane: 'cold', writers: [3], rooms: 12, contenders: 8, ...SHORT },
]
const FANOUT = { subscribers: 6, plays: [{ perSecond: 20, seconds: 0.2 }], flood: { writers: [2], ms: 60 }, rounds: 1 }

test.concurrent.each(LANES)(
  'every contender stores exactly what it acknowledged: $lane rooms',
  async (options) => {
    await using mongo = await benchMongo()
    const rows = await benchCommits(contenders(mongo), options)
    expect(rows).toHaveLength(options.contenders)
    for (const row of rows) expect(row).toMatchObject({ turns: [{ cut: false }], surplus: 0 })
    expect(Math.min(...rows.flatMap(({ turns }) => turns.map(({ done }) => done)))).toBeGreaterThanOrEqual(3)
    expect(commitsReport(rows)).not.toContain('NaN')
  },
  60_000,
)

test.concurrent(
  'every subscriber of every contender hears each event once and in order',
  async () => {
    await using mongo = await benchMongo()
    const results = await benchFanout(mongo, FANOUT)
    expect(results).toHaveLength(5)
    for (const { heard } of results) {
      const [play, flood] = heard.flat()
      expect(play).toMatchObject({ events: 4, deliveries: 24, skipped: 0, again: 0, missing: 0 })
      expect(play?.samples).toHaveLength(24)
      expect(flood?.missing).toBe(0)
    }
    expect(fanoutReport(results, FANOUT)).not.toContain('NaN')
  },
  60_000,
)
