import type { Answer } from '../../shared/deck/answers.ts'
import { type CardBody, cardBodySchema, type CardType } from '../../shared/deck/cards.ts'
import { Random } from '../room/random.ts'

export { Random }

export const TYPES = [
  'single',
  'multiple',
  'true-false',
  'typed',
  'ordering',
  'slider',
  'poll',
  'flash-card',
  'info',
] as const satisfies readonly CardType[]

/** Texts that some parser, spreadsheet or page takes for something else. */
const AWKWARD = [
  'plain',
  '=SUM(A1:A9)',
  '+1',
  '-1',
  '@cmd',
  "'=quoted",
  "''+twice",
  "'tis",
  'a|b',
  'a,b;c',
  'tab\there',
  'say "hi"',
  '"quoted"',
  '"',
  '#hash:tag',
  '<b>bold</b>',
  '&amp;lt;',
  '{{c1::gap}}',
  '＝1',
  'שָׁלוֹם',
  '日本・東京',
  '😀👩‍👩‍👧',
  '__proto__',
  'null',
  '0.5',
  '\u00a0x',
  'é',
] as const

const text = (random: Random) =>
  Array.from({ length: 1 + random.below(3) }, () => random.of(AWKWARD)).join(random.of([' ', '', ',']))
const line = (random: Random) => text(random).replaceAll('\t', ' ').trim()
const block = (random: Random) =>
  random.of([text(random), `${text(random)}\n${text(random)}`, `${text(random)}\n\n\t${text(random)}`]).trim()
const lines = (random: Random, least: number) => {
  const found = new Set<string>()
  while (found.size < least + random.below(4)) found.add(`${line(random)}${random.chance(0.3) ? random.below(50) : ''}`)
  return [...found]
}
const below = (random: Random, list: readonly unknown[]) => random.below(list.length)

function parts(random: Random, type: CardType): object {
  const options = lines(random, 2)
  const key = options.map((_, i) => i).filter(() => random.chance(0.4))
  const min = random.below(100) - 50 + random.of([0, 0.25])
  const max = min + 1 + random.below(1_000)
  switch (type) {
    case 'single':
      return { options, key: below(random, options), shuffle: random.of(['each', 'none']) }
    case 'multiple':
      return { options, key: key.length > 0 ? key : [0], credit: random.of(['all', 'partial']) }
    case 'true-false':
      return { key: random.chance(0.5) }
    case 'typed':
      return {
        accepted: lines(random, 1),
        spelling: random.of(['near', 'exact']),
        diacritics: random.of(['ignore', 'keep']),
      }
    case 'ordering':
      return { items: options, credit: random.of(['exact', 'partial']) }
    case 'slider': {
      const tolerance = random.below(3) / 4
      const at = min + random.next() * (max - min)
      return {
        min,
        max,
        step: 0.5,
        key: at,
        tolerance,
        reach: tolerance + 0.1 + random.below(90),
        unit: random.of(['', '%', 'km']),
      }
    }
    case 'poll':
      return { options }
    case 'flash-card':
      return { back: block(random) }
    case 'info':
      return {}
  }
}

/** A valid card of a type, with texts that are awkward. */
export function randomCard(random: Random, type: CardType = random.of(TYPES)): CardBody {
  return cardBodySchema.parse({
    type,
    prompt: block(random),
    explanation: random.chance(0.5) ? block(random) : '',
    limitMs: random.chance(0.5) ? 1_000 + random.below(100_000) : null,
    tags: random.chance(0.5) ? ['a', '#b', '=c'].slice(random.below(3)) : [],
    ...parts(random, type),
  })
}

/** An answer to a card, in most cases one that fits it. */
export function randomAnswer(random: Random, card: CardBody): Answer {
  const places = (list: readonly unknown[]) => list.map((_, i) => i).sort(() => random.next() - 0.5)
  switch (card.type) {
    case 'single':
    case 'poll':
      return { type: card.type, choice: random.below(card.options.length + 1) }
    case 'multiple':
      return { type: card.type, choices: places(card.options).slice(random.below(card.options.length + 1)) }
    case 'true-false':
      return { type: card.type, choice: random.chance(0.5) }
    case 'typed':
      return { type: card.type, text: random.chance(0.5) ? (card.accepted[0] ?? '') : line(random) }
    case 'ordering':
      return { type: card.type, order: places(card.items).slice(random.chance(0.1) ? 1 : 0) }
    case 'slider':
      return { type: card.type, value: card.min - 1 + random.next() * (card.max - card.min + 2) }
    case 'flash-card':
      return { type: card.type, grade: random.of(['again', 'hard', 'good', 'easy']) }
    case 'info':
      return { type: card.type }
  }
}
