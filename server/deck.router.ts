import {
  browseDecksInput,
  createDeckInput,
  deckInput,
  editDeckInput,
  exportDeckInput,
  importDeckInput,
  listDecksInput,
  removeDeckInput,
} from '../shared/deck/schema.ts'
import { accountProcedure, router } from './trpc.ts'

/**
 * Decks of cards (seed 4). `as`: a service, for that user. A change brings a command id (UUIDv7), so that a repeat is done once and
 * answered again. Errors of all: unauthorized, forbidden (`as`); of those that name a deck also not-found, for whoever may not read
 * it too; of changes also rate-limited, stale-command, idempotency-mismatch (the id was another command's).
 */
export const deckRouter = router({
  /** A new deck of the user. Its id follows from the user and the command, as do those of cards that bring none. Error: deck-full. */
  create: accountProcedure
    .input(createDeckInput)
    .mutation(({ ctx, input }) => ctx.foyer.decks.create(ctx.account, input)),
  /**
   * Changes what is named, all or nothing; sharing is a change of `visibility`. Errors: forbidden (another's), version-conflict (with
   * the version), path-missing (a card to move), deck-full.
   */
  edit: accountProcedure.input(editDeckInput).mutation(({ ctx, input }) => ctx.foyer.decks.edit(ctx.account, input)),
  /** Removes a deck for good, or has removed it before. Error: forbidden. */
  remove: accountProcedure
    .input(removeDeckInput)
    .mutation(({ ctx, input }) => ctx.foyer.decks.remove(ctx.account, input)),
  /** All of a deck, keys included. */
  get: accountProcedure.input(deckInput).query(({ ctx, input }) => ctx.foyer.decks.get(ctx.account, input)),
  /** The user's own decks, page by page. */
  list: accountProcedure.input(listDecksInput).query(({ ctx, input }) => ctx.foyer.decks.list(ctx.account, input)),
  /** Everybody's public decks, page by page. */
  browse: accountProcedure.input(browseDecksInput).query(({ ctx, input }) => ctx.foyer.decks.browse(input)),
  /**
   * Makes cards of a text, in a new deck or in one that is there: all that are valid and find room, with an error for each row that
   * made none. Larger texts and Anki packages go to `POST /decks/import`. Errors: forbidden, bad-request (no title), deck-unreadable.
   */
  import: accountProcedure
    .input(importDeckInput)
    .mutation(({ ctx, input }) => ctx.foyer.decks.import(ctx.account, input)),
  /** A deck as a text: `json` has all that it says, `csv` its cards without their ids. */
  export: accountProcedure.input(exportDeckInput).query(({ ctx, input }) => ctx.foyer.decks.export(ctx.account, input)),
})
