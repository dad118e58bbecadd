import { LIMITS } from '../limits.ts'
import { jsonBytes } from '../room/measure.ts'
import { RuleError } from '../rules.ts'
import type { Card, NewCard } from './cards.ts'
import type { Deck, Visibility } from './deck.ts'

export type CardOperation =
  /** In the place of the card with this id, or at the end. */
  | { op: 'put'; card: NewCard }
  /** None with this id: nothing. */
  | { op: 'remove'; id: string }
  /** `to`: its position afterwards, from 0; past the end is the end. */
  | { op: 'move'; id: string; to: number }

/** What changes of a deck. `cards`: all of them anew; `operations`: one after the other, after `cards`. */
export interface DeckEdit {
  title?: string | undefined
  description?: string | undefined
  visibility?: Visibility | undefined
  cards?: readonly NewCard[] | undefined
  operations?: readonly CardOperation[] | undefined
}

/** Makes the id of the n-th card (from 0) that has none. */
export type NewId = (n: number) => string

/** The cards with the ids that some of them lack, and how many that were. */
export function withIds(cards: readonly NewCard[], newId: NewId): { cards: Card[]; added: number } {
  let added = 0
  const all = cards.map((card) => ({ ...card, id: card.id ?? newId(added++) }))
  return { cards: all, added }
}

/** The deck after an edit, and how many cards got a new id. Errors: path-missing (`operation` names it), deck-full. */
export function editDeck(deck: Deck, edit: DeckEdit, newId: NewId): { deck: Deck; added: number } {
  const whole = withIds(edit.cards ?? deck.cards, newId)
  const { cards } = whole
  let { added } = whole
  for (const [operation, step] of (edit.operations ?? []).entries()) {
    const id = step.op === 'put' ? (step.card.id ?? newId(added++)) : step.id
    const at = cards.findIndex((card) => card.id === id)
    if (step.op === 'put') cards.splice(at < 0 ? cards.length : at, 1, { ...step.card, id })
    else if (at >= 0) {
      const taken = cards.splice(at, 1)
      if (step.op === 'move') cards.splice(step.to, 0, ...taken)
    } else if (step.op === 'move') throw new RuleError('path-missing', { operation })
  }
  const { title = deck.title, description = deck.description, visibility = deck.visibility } = edit
  const edited = { title, description, visibility, cards }
  checkDeckSize(edited)
  return { deck: edited, added }
}

/** Throws `deck-full` for more than a deck holds. */
export function checkDeckSize(deck: Deck): void {
  const { cards, bytes } = LIMITS.deck
  if (deck.cards.length > cards) throw new RuleError('deck-full', { what: 'cards', limit: cards })
  if (jsonBytes(deck) > bytes) throw new RuleError('deck-full', { what: 'bytes', limit: bytes })
}
