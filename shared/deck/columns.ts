import type { CardBody } from './cards.ts'
import { listCell, listOf, numberIn } from './cells.ts'

/** The columns of a table of cards, in the order of an export. Positions in `answer` count from 1. */
export const COLUMNS = [
  'type',
  'prompt',
  'options',
  'answer',
  'credit',
  'min',
  'max',
  'step',
  'unit',
  'tolerance',
  'reach',
  'spelling',
  'diacritics',
  'shuffle',
  'explanation',
  'seconds',
  'tags',
] as const
export type Column = (typeof COLUMNS)[number]
/** A row by its columns; one that is missing or empty takes the card's default. */
export type Cells = Partial<Record<Column, string>>

/** The cells of a card: all but its id. */
export const cellsOf = (card: CardBody): Cells => ({
  type: card.type,
  prompt: card.prompt,
  explanation: card.explanation,
  seconds: card.limitMs === null ? '' : String(card.limitMs / 1_000),
  tags: card.tags.join(' '),
  ...ownCells(card),
})

function ownCells(card: CardBody): Cells {
  switch (card.type) {
    case 'single':
      return { options: listCell(card.options), answer: String(card.key + 1), shuffle: card.shuffle }
    case 'multiple': {
      const answer = card.key.map((at) => at + 1).join(',')
      return { options: listCell(card.options), answer, credit: card.credit, shuffle: card.shuffle }
    }
    case 'true-false':
      return { answer: String(card.key) }
    case 'typed':
      return { answer: listCell(card.accepted), spelling: card.spelling, diacritics: card.diacritics }
    case 'ordering':
      return { options: listCell(card.items), credit: card.credit }
    case 'slider': {
      const { unit, min, max, step, tolerance, reach, key } = card
      const ends = { min: String(min), max: String(max), step: String(step) }
      return { ...ends, unit, tolerance: String(tolerance), reach: String(reach), answer: String(key) }
    }
    case 'poll':
      return { options: listCell(card.options), shuffle: card.shuffle }
    case 'flash-card':
      return { answer: card.back }
    case 'info':
      return {}
  }
}

const chosen = (cell: string | undefined) => (cell === undefined || cell.trim() === '' ? undefined : cell.trim())
/** A position from 0 of one from 1; what is no number stays, to be refused by the schema. */
const positionIn = (cell: string) => {
  const number = numberIn(cell)
  return typeof number === 'number' ? number - 1 : number
}
const positionsIn = (cell: string) => cell.split(/[,;\s]+/).flatMap((part) => (part === '' ? [] : positionIn(part)))
const TRUE = ['true', 'yes', '1']
const FALSE = ['false', 'no', '0']
const truthIn = (cell: string) => {
  const word = cell.trim().toLowerCase()
  return TRUE.includes(word) || (FALSE.includes(word) ? false : cell)
}

function keyIn(type: string, answer: string): unknown {
  if (type === 'multiple') return positionsIn(answer)
  if (type === 'true-false') return truthIn(answer)
  return type === 'slider' ? numberIn(answer) : positionIn(answer)
}

/** The type of a row that names none: a choice if it has options, else what the import makes of a question and its answer. */
function guessedType(cells: Cells, as: 'flash-card' | 'typed'): string {
  if (listOf(cells.options ?? '').length === 0) return as
  return positionsIn(cells.answer ?? '').length > 1 ? 'multiple' : 'single'
}

/** What a row says of a card, for `cardBodySchema` to check: its parts beyond those of the card's type are dropped there. */
export function cardOfCells(cells: Cells, as: 'flash-card' | 'typed'): unknown {
  const type = chosen(cells.type)?.toLowerCase() ?? guessedType(cells, as)
  const seconds = numberIn(cells.seconds ?? '')
  const options = listOf(cells.options ?? '')
  const answer = cells.answer ?? ''
  return {
    type,
    prompt: cells.prompt ?? '',
    explanation: cells.explanation,
    limitMs: typeof seconds === 'number' ? Math.round(seconds * 1_000) : seconds,
    tags: (cells.tags ?? '').split(/\s+/).filter((tag) => tag !== ''),
    options,
    items: options,
    key: keyIn(type, answer),
    accepted: listOf(answer),
    back: answer,
    credit: chosen(cells.credit),
    shuffle: chosen(cells.shuffle),
    spelling: chosen(cells.spelling),
    diacritics: chosen(cells.diacritics),
    min: numberIn(cells.min ?? ''),
    max: numberIn(cells.max ?? ''),
    step: numberIn(cells.step ?? '') ?? 1,
    tolerance: numberIn(cells.tolerance ?? ''),
    reach: numberIn(cells.reach ?? ''),
    unit: cells.unit,
  }
}
