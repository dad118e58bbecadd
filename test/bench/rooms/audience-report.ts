import { markdown, median, ms, rate, times } from '../stats.ts'
import type { Heard } from './audience.ts'
import type { FanoutOptions, Plays } from './fanout.ts'
import type { MemoryOptions, Resident } from './memory.ts'

const middle = (heard: readonly Heard[] | undefined, figure: keyof Heard) =>
  median(heard?.map((each) => each[figure]) ?? [])
const total = (heard: readonly Heard[] | undefined, figure: keyof Heard) =>
  heard?.reduce((sum, each) => sum + each[figure], 0) ?? 0

/** Issue 5's p99 by deliveries a second, ms. */
const AIMS = new Map([
  [1_000, 25],
  [10_000, 50],
])

/** Fan-out as markdown: a table for each rate, and one of the flood. */
export function fanoutReport(results: readonly Plays[], { subscribers, plays }: FanoutOptions): string {
  const orderOf = (heard: readonly Heard[] | undefined) =>
    (['skipped', 'again', 'missing'] as const).map((figure) => rate(total(heard, figure))).join(' / ')
  const latencies = plays.flatMap(({ perSecond }, i) => {
    const aim = AIMS.get(perSecond * subscribers)
    return [
      `### ${perSecond} events a second to ${rate(subscribers)} subscribers: ${rate(perSecond * subscribers)} deliveries/s`,
      markdown([
        ['', 'send to screen p50 / p99, ms', 'skipped / again / missing', 'issue 5, p99'],
        ...results.map(({ name, kind, heard }) => {
          const p99 = middle(heard[i], 'p99')
          const said = aim === undefined || kind !== 'foyer' ? '' : `<= ${aim} ms: ${p99 <= aim ? 'reached' : 'missed'}`
          return [name, `${ms(middle(heard[i], 'p50'))} / ${ms(p99)}`, orderOf(heard[i]), said]
        }),
      ]),
    ]
  })
  const flooded = (result: Plays | undefined) => middle(result?.heard[plays.length], 'perSecond')
  const most = results.map((result) => [
    result.name,
    `${rate(flooded(result))}/s`,
    result.kind === 'foyer' ? '' : times(flooded(results[0]) / flooded(result)),
    orderOf(result.heard[plays.length]),
  ])
  const head = ['', 'deliveries', `${results[0]?.name} to it`, 'skipped / again / missing']
  return [...latencies, `### As many events as go to ${rate(subscribers)} subscribers`, markdown([head, ...most])].join(
    '\n\n',
  )
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
