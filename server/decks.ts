import type { z } from 'zod'
import { checkDeckSize, editDeck, withIds } from '../shared/deck/edit.ts'
import { writeDeck } from '../shared/deck/json.ts'
import type * as wire from '../shared/deck/schema.ts'
import { writeCardTable } from '../shared/deck/tables.ts'
import { LIMITS } from '../shared/limits.ts'
import type { Account } from './accounts.ts'
import { readable } from './decks/access.ts'
import { deckOf, headOf, playable } from './decks/cards.ts'
import { createAdmission } from './admission.ts'
import { createImports, readText, readUpload } from './decks/imports.ts'
import { deckPage, type PageInput } from './decks/listing.ts'
import { uploadSlots } from './decks/slots.ts'
import { createDeckWriter, type Written } from './decks/writer.ts'
import { hashOf } from './hash.ts'
import type { Limits } from './limits.ts'
import { actorOf } from './rooms/access.ts'
import { fingerprint } from './secrets.ts'
import type { Services } from './services.ts'

type Output<S extends z.ZodType> = z.output<S>
export interface Named {
  deck: string
  as?: string | undefined
}

/** A text's bytes in UTF-8. */
const TEXT_BYTES = 3 * LIMITS.deck.importChars
const MEDIA_TYPES = { json: 'application/json', csv: 'text/csv; charset=utf-8' } as const
/** Seed 4: decks of cards. One document each, changed by its version, so that of two editors one wins and the other hears of it. */
export function createDecks(services: Services, limits: Limits) {
  const { store } = services
  const admission = createAdmission(services, limits)
  const writer = createDeckWriter(services, admission)
  const imports = createImports(writer)
  const slots = uploadSlots()

  const replyOf = ({ doc, added, replayed }: Written, newId: (n: number) => string): wire.DeckReply => ({
    deck: headOf(doc),
    added: Array.from({ length: added }, (_, n) => newId(n)),
    replayed,
  })

  const create = async (account: Account, input: Output<typeof wire.createDeckInput>): Promise<wire.DeckReply> => {
    const { id, as, ...written } = input
    const command = admission.admit(account, { id, as })
    const newId = writer.newIds(command)
    const { cards, added } = withIds(written.cards, newId)
    const deck = { ...written, cards }
    checkDeckSize(deck)
    const print = fingerprint('create', JSON.stringify(written))
    return replyOf(await writer.create(command, print, { deck, added }), newId)
  }

  const edit = async (account: Account, input: Output<typeof wire.editDeckInput>): Promise<wire.DeckReply> => {
    const { id, as, deck, ifVersion, ...edits } = input
    const command = admission.admit(account, { id, as })
    const print = fingerprint('edit', deck, String(ifVersion ?? ''), JSON.stringify(edits))
    const written = await writer.change({ command, deck, print, ifVersion }, (known, newId) =>
      editDeck(known, edits, newId),
    )
    return replyOf(written, writer.newIds(command))
  }

  const remove = async (account: Account, { deck, id, as }: Named & { id?: string | undefined }) => {
    await writer.remove(admission.admit(account, { id, as }), deck)
    return { removed: true }
  }

  const found = async (account: Account, { deck, as }: Named) =>
    readable(await store.decks.byId(deck), actorOf(account, as))

  const get = async (account: Account, named: Named): Promise<wire.DeckView> => {
    const doc = await found(account, named)
    const { description, cards } = deckOf(doc)
    return { ...headOf(doc), description, cards }
  }

  const list = (account: Account, { as, ...page }: PageInput & { as?: string | undefined }) =>
    deckPage(store, { owner: actorOf(account, as).user }, page)

  const importText = async (
    account: Account,
    given: Output<typeof wire.importDeckInput>,
  ): Promise<wire.ImportReport> => {
    const { as, text, ...input } = given
    const command = admission.admit(account, { id: input.id, as })
    return imports({ command, input, source: hashOf(text), found: readText(given) })
  }

  /** `read`: the file, of that many bytes at most. */
  const upload = async (
    account: Account,
    { as, ...input }: Output<typeof wire.uploadDeckInput>,
    read: (limit: number) => Promise<Uint8Array>,
  ): Promise<wire.ImportReport> => {
    const command = admission.admit(account, { id: input.id, as })
    using _ = slots.take(command.actor.user)
    const file = await read(input.format === 'apkg' ? LIMITS.deck.package.bytes : TEXT_BYTES)
    return imports({ command, input, source: hashOf(file), found: await readUpload(file, input) })
  }

  const exported = async (
    account: Account,
    { format, ...named }: Named & { format: 'json' | 'csv' },
  ): Promise<wire.DeckExport> => {
    const deck = deckOf(await found(account, named))
    return { mediaType: MEDIA_TYPES[format], text: format === 'json' ? writeDeck(deck) : writeCardTable(deck.cards) }
  }

  return {
    create,
    edit,
    remove,
    get,
    list,
    browse: (page: PageInput) => deckPage(store, { visibility: 'public' }, page),
    import: importText,
    upload,
    export: exported,
    /** What a quiz wants to know of a deck for this user; null: there is no such deck. */
    playable: (user: string, deck: string) => playable(store, { user, deck }),
  }
}
export type Decks = ReturnType<typeof createDecks>
