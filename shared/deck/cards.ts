import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { blockSchema, isDistinct, lineSchema } from './text.ts'

const { deck } = LIMITS

const common = {
  prompt: blockSchema(deck.promptChars).min(1),
  /** Shown with the key, never before. */
  explanation: blockSchema(deck.explanationChars).default(''),
  /** How long players may think, ms; null: as long as the game says. */
  limitMs: z.int().min(deck.limitMs.min).max(deck.limitMs.max).nullable().default(null),
  tags: z
    .array(lineSchema(deck.tagChars).regex(/^\S+$/, 'has a space'))
    .max(deck.tags)
    .refine(isDistinct, 'has a tag twice')
    .default([]),
}

const optionsSchema = z
  .array(lineSchema(deck.optionChars))
  .min(2)
  .max(deck.options - 1)
  .refine(isDistinct, 'has the same text twice')
/** Positions in `options`, from 0. Options have no ids: an id would be one more thing that could tell the key. */
const positionSchema = z
  .int()
  .min(0)
  .max(deck.options - 1)
/** `each`: every player has an own order of the options; `none`: all have the card's ("all of the above" is last). */
const shuffleSchema = z.enum(['each', 'none'])
const numberSchema = z.number().min(-deck.sliderBound).max(deck.sliderBound)

const single = z
  .object({
    type: z.literal('single'),
    ...common,
    options: optionsSchema,
    shuffle: shuffleSchema.default('each'),
    key: positionSchema,
  })
  .refine(({ options, key }) => key < options.length, { path: ['key'], message: 'is no position of an option' })

const multiple = z
  .object({
    type: z.literal('multiple'),
    ...common,
    options: optionsSchema,
    shuffle: shuffleSchema.default('each'),
    key: z.array(positionSchema).min(1).max(deck.options).refine(isDistinct, 'has a position twice'),
    /** `all`: all right options and no other, or nothing. `partial`: see `multipleShare`. */
    credit: z.enum(['all', 'partial']).default('all'),
  })
  .refine(({ options, key }) => key.every((at) => at < options.length), {
    path: ['key'],
    message: 'has what is no position of an option',
  })

const trueFalse = z.object({ type: z.literal('true-false'), ...common, key: z.boolean() })

const typed = z.object({
  type: z.literal('typed'),
  ...common,
  accepted: z
    .array(lineSchema(deck.answerChars))
    .min(1)
    .max(deck.accepted)
    .refine(isDistinct, 'has the same text twice'),
  /** `near` forgives slips of the keyboard by the length of the word; numbers are never near. */
  spelling: z.enum(['near', 'exact']).default('near'),
  /** `ignore`: accents, Hebrew points and Arabic vowel signs make no difference. */
  diacritics: z.enum(['ignore', 'keep']).default('ignore'),
})

const ordering = z.object({
  type: z.literal('ordering'),
  ...common,
  /** In the right order, which is the key: players see them shuffled. */
  items: optionsSchema,
  /** `exact`: the whole order or nothing. `partial`: see `orderingShare`. */
  credit: z.enum(['exact', 'partial']).default('exact'),
})

const slider = z
  .object({
    type: z.literal('slider'),
    ...common,
    min: numberSchema,
    max: numberSchema,
    /** Of the control only: an answer may lie between two steps. */
    step: z.number().positive().max(deck.sliderBound),
    unit: z.union([z.literal(''), lineSchema(deck.unitChars)]).default(''),
    key: numberSchema,
    /** How far from the key an answer is still wholly right. */
    tolerance: z.number().min(0).max(deck.sliderBound).default(0),
    /** How far from the key an answer is worth nothing; in between its share falls evenly. */
    reach: z
      .number()
      .positive()
      .max(2 * deck.sliderBound),
  })
  .refine(({ min, max }) => min < max, { path: ['max'], message: 'is not over the minimum' })
  .refine(({ min, max, key }) => min <= key && key <= max, { path: ['key'], message: 'is not on the slider' })
  .refine(({ tolerance, reach }) => tolerance < reach, { path: ['reach'], message: 'is not over the tolerance' })

const poll = z.object({
  type: z.literal('poll'),
  ...common,
  options: optionsSchema,
  shuffle: shuffleSchema.default('none'),
})

/** Players see the back before they answer, and then say themselves how well they knew it. */
const flashCard = z.object({ type: z.literal('flash-card'), ...common, back: blockSchema(deck.backChars).min(1) })

/** A page between the questions. */
const info = z.object({ type: z.literal('info'), ...common })

/** What a card asks and what is right, without its id: what an import makes. `type` tells the nine kinds apart (leases-quiz.md Q8). */
export const cardBodySchema = z.discriminatedUnion('type', [
  single,
  multiple,
  trueFalse,
  typed,
  ordering,
  slider,
  poll,
  flashCard,
  info,
])

export const cardIdSchema = z.string().regex(/^[\w-]{1,32}$/, 'is not 1-32 characters of A-Z a-z 0-9 _ -')

/** A card of a deck. Its id is the deck's owner's choice, and stays the same when the card is edited or moved. */
export const cardSchema = cardBodySchema.and(z.object({ id: cardIdSchema }))
/** A card to be: one that has no id gets a new one. */
export const newCardSchema = cardBodySchema.and(z.object({ id: cardIdSchema.optional() }))

export type CardBody = z.output<typeof cardBodySchema>
export type Card = z.output<typeof cardSchema>
export type NewCard = z.output<typeof newCardSchema>
export type CardType = CardBody['type']
/** The card of one kind. */
export type CardOf<T extends CardType> = Extract<CardBody, { type: T }>
