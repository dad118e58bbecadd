import assert from 'node:assert/strict'
import { cpus, loadavg } from 'node:os'
import { tableOf } from '../../server/store/table.ts'
import { closedLoop } from './load.ts'
import { type BenchMongo, benchMongo } from './mongo.ts'
import { markdown, median, ms, quantile, rate, times } from './stats.ts'
import { type Bench, type BenchDoc, benchDoc, type Case, INDEXES, storeCases } from './store-cases.ts'

export interface StoreBenchOptions {
  rounds: number
  callers: number
  /** Operations a round and contender: gathered ones are quicker and get more, so that both run about as long. */
  ops: { bare: number; gathered: number }
  /** Operations of the lone caller, of each contender. */
  lone: number
}
type Way = 'bare' | 'gathered'
const WAYS: readonly Way[] = ['bare', 'gathered']

/** Runs both ways of each case in turns (A B A B …), so that a noisy minute hits both, and checks what the database holds. */
export async function benchStore(mongo: Pick<BenchMongo, 'db'>, options: StoreBenchOptions) {
  const collection = mongo.db.collection<BenchDoc>('bench')
  await collection.createIndexes(INDEXES)
  const known = Array.from({ length: 1_000 }, () => benchDoc())
  await collection.insertMany(known)
  const table = tableOf(collection)
  const cases = storeCases({ collection, table, known })
  const expected = { stored: known.length, updates: 0 }
  const results = []
  for (const each of cases) results.push(await rounds(each, options, expected))
  const lone = await loneCaller({ collection, table, known }, options.lone)
  expected.stored += 2 * options.lone
  await assertStored({ collection, table, known }, expected)
  table.close()
  return { results, lone }
}

async function rounds(each: Case, { rounds, callers, ops }: StoreBenchOptions, expected: { stored: number; updates: number }) {
  const perSecond = { bare: [] as number[], gathered: [] as number[] }
  const samples = { bare: [] as number[], gathered: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    for (const way of WAYS) {
      const total = ops[way]
      const run = await closedLoop({ callers, total }, each[way])
      for (let i = 0; i < total; i++) expected.stored += each.stores(i)
      if (each.updates === true) expected.updates += total
      // The first round warms up: connections, compiled code, the cache of mongod.
      if (round < 0) continue
      perSecond[way].push(run.perSecond)
      samples[way].push(...run.samples)
    }
  }
  const [bare, gathered] = [median(perSecond.bare), median(perSecond.gathered)]
  return { name: each.name, target: each.target, bare, gathered, ratio: gathered / bare, samples }
}

/** One caller alone, its operations taking turns: gathering must not make it wait. */
async function loneCaller({ collection, table }: Bench, total: number) {
  const samples = { bare: [] as number[], gathered: [] as number[] }
  for (let i = 0; i < total; i++) {
    for (const way of WAYS) {
      const doc = benchDoc()
      const sent = performance.now()
      if (way === 'bare') await collection.insertOne(doc)
      else await table.insert(doc)
      samples[way].push(performance.now() - sent)
    }
  }
  return samples
}

/** Nothing lost, nothing doubled: every command and every update is in the database once. */
async function assertStored({ collection }: Bench, expected: { stored: number; updates: number }) {
  const sums = collection.aggregate<{ stored: number; updates: number }>([
    { $group: { _id: null, stored: { $sum: '$commands' }, updates: { $sum: '$updates' } } },
    { $project: { _id: 0 } },
  ])
  assert.deepEqual(await sums.next(), expected)
}

/** The results as markdown. */
export function storeReport({ results, lone }: Awaited<ReturnType<typeof benchStore>>): string {
  const at = (samples: number[], share: number) => ms(quantile(samples, share))
  const throughput = results.map(({ name, target, bare, gathered, ratio, samples }) => [
    name,
    `${rate(bare)}/s`,
    `${rate(gathered)}/s`,
    times(ratio),
    target === undefined ? '' : `>= ${target}x`,
    `${at(samples.bare, 0.5)} / ${at(samples.bare, 0.95)}`,
    `${at(samples.gathered, 0.5)} / ${at(samples.gathered, 0.95)}`,
  ])
  const quiet = WAYS.map((way) => [way, ...[0.5, 0.95, 0.99].map((share) => at(lone[way], share))])
  return [
    markdown([
      ['', 'one a round trip', 'gathered', 'ratio', 'target', 'bare p50 / p95 ms', 'gathered p50 / p95 ms'],
      ...throughput,
    ]),
    markdown([['a lone caller`s insert', 'p50 ms', 'p95 ms', 'p99 ms'], ...quiet]),
  ].join('\n\n')
}

if (import.meta.main) {
  await using mongo = await benchMongo()
  const options = { rounds: 7, callers: 128, ops: { bare: 2_000, gathered: 20_000 }, lone: 2_000 }
  const results = await benchStore(mongo, options)
  const load = loadavg().map((value) => value.toFixed(1))
  console.log(`${cpus().length} cores, load ${load.join(' ')}; ${options.callers} callers, medians of ${options.rounds} rounds\n`)
  console.log(storeReport(results))
}
