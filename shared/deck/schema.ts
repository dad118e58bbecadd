import { z } from 'zod'
import { idSchema } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { commandIdSchema } from '../log/logged.ts'
import { userSchema } from '../room/schema.ts'
import { type Card, cardIdSchema, newCardSchema } from './cards.ts'
import { deckSchema, newCardsSchema, type Visibility, visibilitySchema } from './deck.ts'
import { importFormatSchema } from './import.ts'
import type { RowError } from './report.ts'

const as = userSchema.optional()
const envelope = {
  /** UUIDv7 of the command: a repeat under the same one is done once. Without it nothing tells a repeat. */
  id: commandIdSchema.optional(),
  /** For whom a service acts. */
  as,
}
/** Who has the id of a shared deck may read it, so it is 128 bits that nobody guesses. */
const deck = idSchema
const versionSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER)
const page = {
  /** `next` of the page before. */
  after: idSchema.optional(),
  limit: z.int().min(1).max(LIMITS.listPage).default(LIMITS.listPage),
}

const operationSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), card: newCardSchema }),
  z.object({ op: z.literal('remove'), id: cardIdSchema }),
  z.object({ op: z.literal('move'), id: cardIdSchema, to: z.int().min(0).max(LIMITS.deck.cards) }),
])
const { title, description } = deckSchema.shape

export const createDeckInput = deckSchema.and(z.object(envelope))
export const editDeckInput = z.object({
  deck,
  ...envelope,
  /** The version that the editor saw: version-conflict if it is not the deck's any more. */
  ifVersion: versionSchema.optional(),
  title: title.optional(),
  description: description.unwrap().optional(),
  visibility: visibilitySchema.optional(),
  /** All of the cards anew. */
  cards: newCardsSchema.optional(),
  operations: z.array(operationSchema).max(LIMITS.deck.cards).optional(),
})
export const removeDeckInput = z.object({ deck, ...envelope })
export const deckInput = z.object({ deck, as })
export const listDecksInput = z.object({ as, ...page })
export const browseDecksInput = z.object(page)
export const exportDeckInput = z.object({ deck, as, format: z.enum(['json', 'csv']).default('json') })

/** Of an import, whatever brings the text or the file. */
const importing = {
  ...envelope,
  /** The deck that the cards are added to; none: a new one. */
  deck: deck.optional(),
  /** Of a new deck; `json` has one of its own. */
  title: title.optional(),
  visibility: visibilitySchema.optional(),
  /** What a question and its answer become where nothing says it. */
  become: z.enum(['flash-card', 'typed']).default('flash-card'),
}
/** What a text may be: see `importFormatSchema`; `json`: what `deck.export` gave. */
const textFormatSchema = z.enum([...importFormatSchema.options, 'json'])
export const importDeckInput = z.object({ ...importing, format: textFormatSchema, text: z.string() })
/** The query of `POST /decks/import`; the body is the text, or the file of an Anki package (`apkg`). */
export const uploadDeckInput = z.object({ ...importing, format: z.enum([...textFormatSchema.options, 'apkg']) })

/** A deck without its cards. `version` grows by one with each change; `changedAt`: ms by mongod's clock. */
export interface DeckHead {
  id: string
  owner: string
  title: string
  visibility: Visibility
  /** How many. */
  cards: number
  version: number
  changedAt: number
}

export interface DeckView extends Omit<DeckHead, 'cards'> {
  description: string
  cards: readonly Card[]
}

/** `next`: where the next page begins; null: there is none. */
export interface DeckList {
  decks: readonly DeckHead[]
  next: string | null
}

/** What who changed a deck hears. */
export interface DeckReply {
  /** As it is now, which is later than the change where it was a repeat. */
  deck: DeckHead
  /** The ids of the cards that had none, in order. */
  added: readonly string[]
  /** True: it had been done before, under the same command id. */
  replayed: boolean
}

/** What became of an import: cards, and an error for each row that made none. */
export interface ImportReport {
  /** null: no row made a card, so there is no new deck. */
  deck: DeckHead | null
  added: readonly string[]
  errors: readonly RowError[]
  replayed: boolean
}

export interface DeckExport {
  mediaType: string
  text: string
}
