import { markdown, median, ms, quantile, rate, times } from '../stats.ts'
import type { Heard } from './audience.ts'
import type { FanoutOptions, Plays } from './fanout.ts'
import type { MemoryOptions, Resident } from './memory.ts'

type Rounds = readonly Heard[] | undefined

const FAULTS = ['skipped', 'again', 'missing'] as const
const faultsOf = (heard: readonly Heard[]) =>
  FAULTS.map((fault) => rate(heard.reduce((sum, each) => sum + each[fault], 0))).join(' / ')
const wait = (heard: Rounds, share: number) => quantile(heard?.flatMap(({ samples }) => samples) ?? [], share)

/** Issue 5's p99 by deliveries a second, ms. */
const AIMS = new Map([
  [1_000, 25],
  [10_000, 50],
])

const COUNTED = `A delivery is one event at one subscriber: events committed a second x subscribers. Its time runs from when the command
was due to be sent, so it includes the commit, to the subscriber's handler; both are in the load generator's process.`

/** Fan-out as markdown: a table for each rate, and one of the most that goes. */
export function fanoutReport(results: readonly Plays[], options: FanoutOptions): string {
  const { subscribers, plays } = options
  const [own] = results
  const latencies = plays.flatMap(({ perSecond }, i) => {
    const aim = AIMS.get(perSecond * subscribers)
    const aimOf = (kind: Plays['kind'], p99: number) =>
      aim === undefined || kind !== 'foyer' ? '' : `p99 <= ${aim} ms: ${p99 <= aim ? 'reached' : 'missed'}`
    const row = ({ name, kind, heard }: Plays) => {
      const p99 = wait(heard[i], 0.99)
      const toOwn = kind === 'foyer' ? '' : times(p99 / wait(own?.heard[i], 0.99))
      return [name, `${ms(wait(heard[i], 0.5))} / ${ms(p99)}`, toOwn, faultsOf(heard[i] ?? []), aimOf(kind, p99)]
    }
    return [
      `### ${perSecond} events a second to ${rate(subscribers)} subscribers: ${rate(perSecond * subscribers)} deliveries/s`,
      markdown([
        ['', 'p50 / p99, ms', `its p99 to ${own?.name}'s`, 'skipped / again / missing', 'issue 5'],
        ...results.map(row),
      ]),
    ]
  })
  return [COUNTED, ...latencies, ...floodReport(results, options)].join('\n\n')
}

/** Everybody by the number of writers that suits it best. */
function floodReport(results: readonly Plays[], { subscribers, plays, flood }: FanoutOptions): string[] {
  const best = results.map(({ name, kind, heard }) => {
    const floods = flood.writers.map((writers, i) => {
      const rounds = heard[plays.length + i] ?? []
      return { name, kind, writers, rounds, perSecond: median(rounds.map(({ perSecond }) => perSecond)) }
    })
    return floods.toSorted((a, b) => b.perSecond - a.perSecond)[0]
  })
  const [own] = best
  const rows = best.flatMap((one) => {
    if (one === undefined) return []
    const lead = one.kind === 'foyer' ? '' : times((own?.perSecond ?? Number.NaN) / one.perSecond)
    return [[one.name, `${rate(one.perSecond)}/s`, String(one.writers), lead, faultsOf(one.rounds)]]
  })
  return [
    `### As many events as go to ${rate(subscribers)} subscribers, by ${flood.writers.join(' or ')} writers`,
    markdown([['', 'deliveries', 'writers', `${own?.name} to it`, 'skipped / again / missing'], ...rows]),
  ]
}

/** Memory as markdown. */
export function memoryReport(results: readonly Resident[], { subscribers }: MemoryOptions): string {
  const kb = (rss: readonly number[], from: number, to: number) =>
    (((rss[to] ?? 0) - (rss[from] ?? 0)) * 1_024) / ((subscribers[to] ?? 0) - (subscribers[from] ?? 0))
  const last = subscribers.length - 1
  const rows = results.map(({ name, rssMb }) => [
    name,
    ...rssMb.map((mb) => `${mb.toFixed(0)} MB`),
    `${kb(rssMb, last - 1, last).toFixed(1)} KB`,
  ])
  const head = [
    'resident memory of the server',
    ...subscribers.map((count) => `${rate(count)} idle`),
    'a subscriber more',
  ]
  return markdown([head, ...rows])
}
