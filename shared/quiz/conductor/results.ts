import { entriesOf } from '../table.ts'
import type { Asked, Mark, Player, RoundRecord } from './game.ts'

/** A place on the scoreboard. Who has the same points has the same rank; the next one counts all before it. */
export interface Standing {
  user: string
  rank: number
  points: number
}

export interface Standings {
  list: readonly Standing[]
  ranks: ReadonlyMap<string, number>
}

const made = new WeakMap<RoundRecord['players'], Standings>()

/**
 * Everybody who was there when a question was scored, the best first; equals by their names, so that the order never jumps. Made once a state of the round:
 * each of 1,000 viewers sees a part of the same.
 */
export function standingsOf({ players }: Pick<RoundRecord, 'players'>): Standings {
  const known = made.get(players)
  if (known !== undefined) return known
  const list = sorted(players)
  const standings = { list, ranks: new Map(list.map(({ user, rank }) => [user, rank])) }
  made.set(players, standings)
  return standings
}

function sorted(players: RoundRecord['players']): Standing[] {
  const order = entriesOf(players)
    .filter(([, { spectator, marks }]) => !spectator && marks.length > 0)
    .map(([user, { points }]) => ({ user, points }))
    .toSorted((a, b) => b.points - a.points || (a.user < b.user ? -1 : 1))
  let rank = 0
  return order.map(({ user, points }, i) => {
    if (i === 0 || points !== order[i - 1]?.points) rank = i + 1
    return { user, rank, points }
  })
}

/** One player's results of a round. */
export interface ResultRow extends Standing {
  /** Wholly right ones, of the `scored` questions that count for this player. */
  correct: number
  scored: number
  /** In [0, 1]: the mean credit, which speed has no part in. */
  accuracy: number
  /** By question; null: not answered, or not asked of this player. */
  marks: readonly (Mark | null)[]
}

export interface Results {
  round: number
  questions: readonly { prompt: string; type: string }[]
  rows: readonly ResultRow[]
}

/** The results table of a round, per player and question. */
export function resultsOf(record: RoundRecord): Results {
  const players = new Map(entriesOf(record.players))
  const rows = standingsOf(record).list.flatMap((standing) => {
    const player = players.get(standing.user)
    return player === undefined ? [] : [rowOf(standing, player, record.asked)]
  })
  const questions = record.asked.map(({ card: { prompt, type } }) => ({ prompt, type }))
  return { round: record.round, questions, rows }
}

function rowOf(standing: Standing, player: Player, asked: readonly Asked[]): ResultRow {
  const marks = asked.map((_, question) => player.marks[question] ?? null)
  const credits = asked.flatMap(({ scored }, question) =>
    scored && question >= player.since ? [marks[question]?.credit ?? 0] : [],
  )
  const sum = credits.reduce((total, credit) => total + credit, 0)
  const accuracy = credits.length === 0 ? 0 : sum / credits.length
  return {
    ...standing,
    correct: credits.filter((credit) => credit === 1).length,
    scored: credits.length,
    accuracy,
    marks,
  }
}

/** The table as CSV (RFC 4180): per question how right, with what points, after how many ms. Formulas are no more than text in it. */
export function resultsCsv({ questions, rows }: Results): string {
  const heads = questions.flatMap(({ prompt }, i) =>
    ['credit', 'points', 'ms'].map((what) => `${i + 1}. ${prompt} (${what})`),
  )
  const lines = rows.map(({ user, rank, points, correct, scored, accuracy, marks }) => [
    ...[rank, user, points, correct, scored, accuracy],
    ...marks.flatMap((mark) => (mark === null ? ['', '', ''] : [mark.credit ?? '', mark.points, mark.ms])),
  ])
  return [['rank', 'user', 'points', 'correct', 'scored', 'accuracy', ...heads], ...lines]
    .map((line) => `${line.map(cellOf).join(',')}\r\n`)
    .join('')
}

/** Spreadsheets run what begins like a formula. */
function cellOf(cell: string | number): string {
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
