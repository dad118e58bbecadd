import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { cardSchema, newCardSchema } from './cards.ts'
import { blockSchema, isDistinct, lineSchema } from './text.ts'

/** `card`: as it stands in the deck, or as it is written. */
const cardsOf = <S extends z.ZodType<{ id?: string | undefined }>>(card: S) =>
  z
    .array(card)
    .max(LIMITS.deck.cards)
    .refine((cards) => isDistinct(cards.flatMap(({ id }) => id ?? [])), 'has two cards with the same id')

export const newCardsSchema = cardsOf(newCardSchema)

const content = {
  title: lineSchema(LIMITS.deck.titleChars),
  description: blockSchema(LIMITS.deck.descriptionChars).default(''),
  cards: cardsOf(cardSchema).default([]),
}

/** Who may read a deck beside its owner. `private`: nobody; `shared`: who has its address; `public`: everybody, and lists show it. */
export const visibilitySchema = z.enum(['private', 'shared', 'public'])

/**
 * A deck as its owner writes it (seed 4): cards may lack their ids, and its size is known once they have them (`checkDeckSize`). Who owns
 * it and when it changed is the server's to say.
 */
export const deckSchema = z.object({
  ...content,
  cards: newCardsSchema.default([]),
  visibility: visibilitySchema.default('private'),
})

/** What a deck says, whoever owns and sees it: what an export holds. */
export const deckContentSchema = z.object(content)

export type Visibility = z.output<typeof visibilitySchema>
export type DeckContent = z.output<typeof deckContentSchema>
export type Deck = DeckContent & { visibility: Visibility }
