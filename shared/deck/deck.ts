import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { jsonBytes } from '../room/measure.ts'
import { cardSchema } from './cards.ts'
import { blockSchema, isDistinct, lineSchema } from './text.ts'

const content = {
  title: lineSchema(LIMITS.deck.titleChars),
  description: blockSchema(LIMITS.deck.descriptionChars).default(''),
  cards: z
    .array(cardSchema)
    .max(LIMITS.deck.cards)
    .refine((cards) => isDistinct(cards.map(({ id }) => id)), 'has two cards with the same id')
    .default([]),
}

/** Who may read a deck beside its owner. `private`: nobody; `shared`: who has its address; `public`: everybody, and lists show it. */
export const visibilitySchema = z.enum(['private', 'shared', 'public'])

/** A deck as its owner writes it (seed 4). Who owns it and when it changed is the server's to say. */
export const deckSchema = z
  .object({ ...content, visibility: visibilitySchema.default('private') })
  .refine((deck) => jsonBytes(deck) <= LIMITS.deck.bytes, `is over ${LIMITS.deck.bytes} bytes`)

/** What a deck says, whoever owns and sees it: what an export holds. */
export const deckContentSchema = z.object(content)

export type Visibility = z.output<typeof visibilitySchema>
export type Deck = z.output<typeof deckSchema>
export type DeckContent = z.output<typeof deckContentSchema>
