import { markdown, median, ms, rate, times } from '../stats.ts'
import type { Row } from './commits.ts'

const perSecond = (row: Row | undefined) => median(row?.turns.map((turn) => turn.perSecond) ?? [])
const wait = (row: Row | undefined, share: 'p50' | 'p99') => ms(median(row?.turns.map((turn) => turn[share]) ?? []))
const isCut = (row: Row | undefined) => row?.turns.some(({ cut }) => cut) === true
const entryOf = (name: string) => name.split(', ').at(-1)

const said = (aim: string, reached: boolean) => `${aim}: ${reached ? 'reached' : 'missed'}`

/** The figures of one number of writers. */
function figures(rows: readonly Row[]) {
  const named = (name: string) => rows.find(({ contender }) => contender.name === name)
  const floor = rows.find(({ contender }) => contender.class === 'floor')
  /** Foyer, entered as this rival is: its rate by the rival's. */
  const leadOf = (row: Row): number => {
    const { class: kind, name } = row.contender
    const isRival = kind === 'durable' || kind === 'memory'
    return isRival ? perSecond(named(`Foyer, ${entryOf(name)}`)) / perSecond(row) : Number.NaN
  }
  return rows.map((row) => [
    row.contender.name,
    `${rate(perSecond(row))}/s${isCut(row) ? ' *' : ''}`,
    times(perSecond(row) / perSecond(floor)),
    times(leadOf(row)),
    `${wait(row, 'p50')} / ${isCut(row) ? '> ' : ''}${wait(row, 'p99')}`,
    isCut(row) ? '' : rate(row.surplus),
    row.contender.class === 'durable' ? said('Foyer >= 3x', leadOf(row) >= 3) : aimOf(row, floor),
  ])
}

/** What issue 5 asks of a row, and whether it is so. */
function aimOf(row: Row, floor: Row | undefined): string {
  const { name } = row.contender
  const toFloor = perSecond(row) / perSecond(floor)
  const p99 = median(row.turns.map((turn) => turn.p99))
  const isCold = row.lane === 'cold'
  if (row.writers < 256 && !isCold) return ''
  if (name === 'Foyer, in process' && !isCold) return said('>= 20,000/s', perSecond(row) >= 20_000)
  if (name === 'Foyer, in process') return said('>= 5x the floor', toFloor >= 5)
  if (name === 'Foyer, 3 processes') return said('>= 15,000/s, p99 <= 60 ms', perSecond(row) >= 15_000 && p99 <= 60)
  if (name === 'Foyer, WebSockets') return said('>= 1.5x the floor', toFloor >= 1.5)
  return ''
}

const HEAD = ['', 'commits', 'to the floor', 'Foyer to it', 'p50 / p99, ms', 'stored - acknowledged', 'issue 5']

/** Commits as markdown, one table for each number of writers. */
export function commitsReport(rows: readonly Row[]): string {
  const counts = [...new Set(rows.map(({ writers }) => writers))]
  const room = rows[0]?.lane === 'hot' ? 'one hot room' : 'cold rooms'
  return counts
    .flatMap((writers) => [
      `### ${writers} ${writers === 1 ? 'writer' : 'writers'}, ${room}`,
      markdown([HEAD, ...figures(rows.filter((row) => row.writers === writers))]),
    ])
    .concat(rows.some(isCut) ? '\\* cut: some writers were not answered within the patience; one turn only' : [])
    .join('\n\n')
}
