import { type Card, cardBodySchema, type CardBody, type CardType } from '../../../../shared/deck/cards.ts'

/** One line of a list in a form. */
export interface Line {
  /** Of the form only: which line it stays while others come and go. */
  id: number
  text: string
  /** Choices: whether it is right. */
  isRight: boolean
}

/** A card as its form has it: all that any kind of card may have, so that a change of the kind loses nothing. */
export interface Draft {
  type: CardType
  prompt: string
  explanation: string
  /** Empty: as long as the quiz says. */
  seconds: string
  tags: string
  lines: readonly Line[]
  shuffle: 'each' | 'none'
  credit: 'all' | 'partial'
  truth: 'true' | 'false'
  /** One a line. */
  accepted: string
  spelling: 'near' | 'exact'
  diacritics: 'ignore' | 'keep'
  min: string
  max: string
  step: string
  unit: string
  key: string
  tolerance: string
  reach: string
  back: string
}

const linesOf = (texts: readonly string[], isRight: (at: number) => boolean = () => false): Line[] =>
  texts.map((text, id) => ({ id, text, isRight: isRight(id) }))

export const EMPTY: Draft = {
  ...{ type: 'single', prompt: '', explanation: '', seconds: '', tags: '', accepted: '', back: '' },
  lines: linesOf(['', ''], (at) => at === 0),
  ...{ shuffle: 'each', credit: 'all', truth: 'true', spelling: 'near', diacritics: 'ignore' },
  ...{ min: '0', max: '100', step: '1', unit: '', key: '', tolerance: '0', reach: '10' },
}

/** A card in its form. */
export function draftOf(card: Card): Draft {
  const { type, prompt, explanation, limitMs, tags } = card
  const seconds = limitMs === null ? '' : String(limitMs / 1_000)
  return { ...EMPTY, type, prompt, explanation, seconds, tags: tags.join(' '), ...ownOf(card) }
}

function ownOf(card: Card): Partial<Draft> {
  switch (card.type) {
    case 'single':
      return { lines: linesOf(card.options, (at) => at === card.key), shuffle: card.shuffle }
    case 'multiple':
      return {
        lines: linesOf(card.options, (at) => card.key.includes(at)),
        shuffle: card.shuffle,
        credit: card.credit,
      }
    case 'true-false':
      return { truth: card.key ? 'true' : 'false' }
    case 'typed':
      return { accepted: card.accepted.join('\n'), spelling: card.spelling, diacritics: card.diacritics }
    case 'ordering':
      return { lines: linesOf(card.items), credit: card.credit === 'exact' ? 'all' : 'partial' }
    case 'slider': {
      const { min, max, step, unit, key, tolerance, reach } = card
      const numbers = { min, max, step, key, tolerance, reach }
      return { ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)])), unit }
    }
    case 'poll':
      return { lines: linesOf(card.options), shuffle: card.shuffle }
    case 'flash-card':
      return { back: card.back }
    case 'info':
      return {}
  }
}

const numberIn = (text: string) => (text.trim() === '' ? undefined : Number(text.replace(',', '.')))

/** What the form says, for the schema to check: parts of other kinds are dropped there. */
function said(draft: Draft): unknown {
  const { type, prompt, explanation, shuffle, spelling, diacritics, unit, back } = draft
  const lines = draft.lines.filter(({ text }) => text.trim() !== '')
  const options = lines.map(({ text }) => text)
  const right = lines.flatMap(({ isRight }, at) => (isRight ? [at] : []))
  const seconds = numberIn(draft.seconds)
  const keys: Partial<Record<CardType, unknown>> = {
    single: right[0],
    multiple: right,
    'true-false': draft.truth === 'true',
    slider: numberIn(draft.key),
  }
  return {
    ...{ type, prompt, explanation, shuffle, spelling, diacritics, unit, back, options, items: options },
    limitMs: seconds === undefined ? null : Math.round(seconds * 1_000),
    tags: draft.tags.split(/\s+/).filter((tag) => tag !== ''),
    accepted: draft.accepted.split('\n').filter((line) => line.trim() !== ''),
    credit: type === 'ordering' && draft.credit === 'all' ? 'exact' : draft.credit,
    key: keys[type],
    min: numberIn(draft.min),
    max: numberIn(draft.max),
    step: numberIn(draft.step),
    tolerance: numberIn(draft.tolerance),
    reach: numberIn(draft.reach),
  }
}

/** The card of a form, or what is not right about it yet, a sentence each. */
export function cardOf(draft: Draft): CardBody | readonly string[] {
  const checked = cardBodySchema.safeParse(said(draft))
  if (checked.success) return checked.data
  return [...new Set(checked.error.issues.map(inWords))]
}

const NAMES: Readonly<Record<string, string>> = {
  prompt: 'The question',
  explanation: 'The explanation',
  limitMs: 'The time',
  tags: 'A tag',
  options: 'The options',
  items: 'The list',
  key: 'The right answer',
  accepted: 'The accepted answers',
  min: 'The least',
  max: 'The most',
  step: 'The step',
  unit: 'The unit',
  tolerance: 'The tolerance',
  reach: 'The reach',
  back: 'The back',
}
const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'is missing, or is no number',
  too_big: 'is too long or too large',
}
const LISTS = ['options', 'items', 'accepted']

function inWords({ path, code, message }: { path: readonly PropertyKey[]; code: string; message: string }): string {
  const [field = '', nth] = path.map(String)
  const name = NAMES[field] ?? 'The card'
  if (code === 'custom') return `${name} ${message}.`
  const few = field === 'accepted' ? 'need at least one' : 'need at least two'
  if (code === 'too_small') return `${name} ${LISTS.includes(field) ? few : 'is missing or too small'}.`
  return `${name}${nth === undefined ? '' : ` (number ${Number(nth) + 1})`} ${CODES[code] ?? 'is not right'}.`
}
