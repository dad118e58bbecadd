import { cpus, loadavg } from 'node:os'

/** The value below which `share` (0-1) of the samples lie, by nearest rank; NaN without samples. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** The middle of the rounds: one round that the machine disturbed does not move it. */
export const median = (samples: readonly number[]) => quantile(samples, 0.5)

/** Milliseconds with as many digits as they are worth. */
export const ms = (value: number) => (Number.isNaN(value) ? '' : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0))

/** A rate with thousands separated, as in the documents. */
export const rate = (perSecond: number) => Math.round(perSecond).toLocaleString('en-US')

export const times = (ratio: number) => (Number.isNaN(ratio) ? '' : `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`)

/** A markdown table; the first row names the columns. */
export function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** What the figures were measured on, and what else it was doing at the end. */
export const machine = () => {
  const [{ model } = { model: 'unknown' }] = cpus()
  return `${cpus().length} x ${model.trim()}, Bun ${Bun.version}, load average ${loadavg()[0]?.toFixed(1)}`
}
