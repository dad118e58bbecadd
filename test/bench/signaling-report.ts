import type { Timing } from './handshake.ts'
import type { Result, SignalingBenchOptions, SignalingResults } from './signaling.ts'
import { machine, markdown, median, ms, quantile, rate, times } from './stats.ts'

const shares = (values: readonly number[], ...at: number[]) =>
  at.map((share) => ms(quantile(values, share))).join(' / ')
const answers = ({ timings }: Result) => timings.map(({ answer }) => answer)
const wholes = ({ timings }: Result) => timings.map(({ whole }) => whole)
const afterJoined = (timing: Timing) => Math.max(0, timing.afterJoined ?? Number.NaN)

/** By what the others are measured: the bare driver, and PeerJS with connections as short-lived as the handshake. */
const yardsticks = (results: readonly Result[]) => ({
  floor: results.find(({ name }) => name.startsWith('floor')),
  peerjs: results.find(({ name }) => name.startsWith('PeerJS')),
})

const p95 = (result: Result | undefined) => quantile(result === undefined ? [] : answers(result), 0.95)

const table = (results: readonly Result[]) => {
  const { floor, peerjs } = yardsticks(results)
  const ratio = (result: Result, to: Result | undefined) => median(result.perSecond) / median(to?.perSecond ?? [])
  return markdown([
    [
      '',
      'handshakes/s',
      'to the floor',
      'to PeerJS',
      'offer-to-answer p50 / p95 / p99, ms',
      'its p95 to PeerJS`s',
      'whole handshake p50 / p95, ms',
    ],
    ...results.map((result) => [
      result.name,
      rate(median(result.perSecond)),
      times(ratio(result, floor)),
      times(ratio(result, peerjs)),
      shares(answers(result), 0.5, 0.95, 0.99),
      times(p95(result) / p95(peerjs)),
      shares(wholes(result), 0.5, 0.95),
    ]),
  ])
}

/** The results as markdown. */
export function signalingReport(results: SignalingResults, options: SignalingBenchOptions): string {
  const { callers, rounds, seconds } = options
  return [
    `medians of ${rounds} rounds; PeerJS 1.0.2 on ${results.runtime}; ${machine()}`,
    `### ${callers} handshakes at once, as fast as they go`,
    table(results.saturated),
    ...results.steady.flatMap(({ perSecond, results: steady }) => [
      `### ${perSecond} handshakes begin each second, for ${seconds} s`,
      table(steady),
    ]),
    '### One handshake after another, `wait`: from the guest`s 201 to the host holding the answer',
    markdown([
      ['', 'p50 / p95 / p99, ms', 'target, p95'],
      ...results.handOver.map(({ name, timings }, i) => [
        name,
        shares(timings.map(afterJoined), 0.5, 0.95, 0.99),
        `${[10, 20][i]} ms`,
      ]),
    ]),
  ].join('\n\n')
}
