import type { Json, JsonObject } from '../../json.ts'

/** A card as a round asks it: the deck's own JSON, key included, as it was when the question opened. */
export interface PlayCard {
  readonly id: string
  /** For the grader alone; nothing here looks into it. */
  readonly content: JsonObject
}

/** What a round has to know of a card. */
export interface CardTraits {
  /** False for a slide: nobody is silent who does not answer it. */
  answerable: boolean
  /** Whether more answers can be accepted after the reveal (typed ones). */
  regradable: boolean
  /** The card's own time, ms. */
  limitMs: number | null
}

/** An answer as it is scored. */
export interface Scored {
  /** In [0, 1]: how right it is. */
  credit: number
  /** Since the question opened, pauses not counted; 0 to `limitMs`. */
  ms: number
  limitMs: number
  /** Right answers in a row before this one. */
  streak: number
}

/**
 * What the quiz needs of decks (shared/deck): pure and total. Grades go into the log as events, so that a later version of a grader
 * changes no score that was given.
 */
export interface Grader {
  traits(card: PlayCard): CardTraits
  /** Whether a value is an answer to this card at all: options that exist, a number within the slider, … */
  fits(card: PlayCard, answer: Json): boolean
  /** In [0, 1]; null: not scored (a poll, a slide). `accepted`: texts that are right too. */
  grade(card: PlayCard, answer: Json, accepted: readonly string[]): number | null
  /** The card without its key: what a player may see before the reveal. */
  hidden(card: PlayCard): Json
  isScoring(rule: string): boolean
  /** Points by a named, versioned rule; a whole number, never negative. */
  score(rule: string, answer: Scored): number
}
