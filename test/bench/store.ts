import assert from 'node:assert/strict'
import type { Db } from 'mongodb'
import { tableOf } from '../../server/store/table.ts'
import { closedLoop } from './load.ts'
import { benchMongo } from './mongo.ts'
import { machine, markdown, median, ms, quantile, rate, times } from './stats.ts'
import { type Bench, type BenchDoc, benchDoc, type Case, INDEXES, storeCases } from './store-cases.ts'

export interface StoreBenchOptions {
  rounds: number
  callers: number
  /** Operations a round and contender: gathered ones are quicker and get more, so that both run about as long. */
  ops: { bare: number; gathered: number }
  /** Operations of the lone caller, of each contender. */
  lone: number
}
interface Expected {
  commands: number
  updates: number
}
type Way = 'bare' | 'gathered'
const WAYS: readonly Way[] = ['bare', 'gathered']
const byWay = (): Record<Way, number[]> => ({ bare: [], gathered: [] })

/** Runs both ways of each case in turns (A B A B …), so that a noisy minute hits both, and checks what the database holds. */
export async function benchStore(db: Db, options: StoreBenchOptions) {
  const collection = db.collection<BenchDoc>('bench')
  await collection.createIndexes(INDEXES)
  const known = Array.from({ length: 1_000 }, () => benchDoc())
  await collection.insertMany(known)
  const bench: Bench = { collection, table: tableOf(collection), known }
  const expected: Expected = { commands: known.length, updates: 0 }
  const results = []
  for (const each of storeCases(bench)) results.push(await inTurns(each, options, expected))
  const lone = await loneCaller(bench, options.lone)
  expected.commands += 2 * options.lone
  await assertStored(bench, expected)
  bench.table.close()
  return { results, lone }
}

async function inTurns(each: Case, { rounds, callers, ops }: StoreBenchOptions, expected: Expected) {
  const perSecond = byWay()
  const samples = byWay()
  for (let round = -1; round < rounds; round++) {
    for (const way of WAYS) {
      const total = ops[way]
      const run = await closedLoop({ callers, total }, each[way])
      for (let i = 0; i < total; i++) expected.commands += each.stores(i)
      expected.updates += each.updates === true ? total : 0
      // The first round warms up: connections, compiled code, the cache of mongod.
      if (round < 0) continue
      perSecond[way].push(run.perSecond)
      samples[way].push(...run.samples)
    }
  }
  const [bare, gathered] = [median(perSecond.bare), median(perSecond.gathered)]
  return { name: each.name, target: each.target, bare, gathered, ratio: gathered / bare, samples }
}

/** One caller alone, both ways taking turns: gathering must not make it wait. */
async function loneCaller({ collection, table }: Bench, total: number) {
  const samples = byWay()
  for (let i = 0; i < total; i++) {
    for (const way of i % 2 === 0 ? WAYS : WAYS.toReversed()) {
      const doc = benchDoc()
      const sent = performance.now()
      await (way === 'bare' ? collection.insertOne(doc) : table.insert(doc))
      samples[way].push(performance.now() - sent)
    }
  }
  return samples
}

/** Nothing lost, nothing doubled: every command and every update is in the database once. */
async function assertStored({ collection }: Bench, expected: Expected) {
  const sums = collection.aggregate<Expected>([
    { $group: { _id: null, commands: { $sum: '$commands' }, updates: { $sum: '$updates' } } },
    { $project: { _id: 0 } },
  ])
  assert.deepEqual(await sums.next(), expected)
}

/** The results as markdown. */
export function storeReport({ results, lone }: Awaited<ReturnType<typeof benchStore>>): string {
  const at = (samples: number[], ...shares: number[]) => shares.map((share) => ms(quantile(samples, share)))
  const throughput = results.map(({ name, target, bare, gathered, ratio, samples }) => [
    name,
    `${rate(bare)}/s`,
    `${rate(gathered)}/s`,
    times(ratio),
    target === undefined ? '' : `>= ${target}x`,
    at(samples.bare, 0.5, 0.95).join(' / '),
    at(samples.gathered, 0.5, 0.95).join(' / '),
  ])
  const alone = WAYS.map((way) => [way, ...at(lone[way], 0.5, 0.95, 0.99)])
  return [
    markdown([
      ['', 'one a round trip', 'gathered', 'ratio', 'target', 'bare p50 / p95, ms', 'gathered p50 / p95, ms'],
      ...throughput,
    ]),
    markdown([['an insert of a lone caller', 'p50, ms', 'p95, ms', 'p99, ms'], ...alone]),
  ].join('\n\n')
}

if (import.meta.main) {
  await using mongo = await benchMongo()
  const options = { rounds: 7, callers: 128, ops: { bare: 2_000, gathered: 20_000 }, lone: 3_000 }
  const results = await benchStore(mongo.database().db, options)
  console.log(
    `${options.callers} callers, medians of ${options.rounds} rounds; ${machine()}\n\n${storeReport(results)}`,
  )
}
