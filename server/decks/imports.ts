import type { z } from 'zod'
import type { Deck } from '../../shared/deck/deck.ts'
import { cardsWithIds, errorsOf, roomFor } from '../../shared/deck/fill.ts'
import { importCards } from '../../shared/deck/import.ts'
import { readDeck } from '../../shared/deck/json.ts'
import { cardsOfNotes } from '../../shared/deck/notes.ts'
import type { Imported } from '../../shared/deck/report.ts'
import type { ImportReport, importDeckInput, uploadDeckInput } from '../../shared/deck/schema.ts'
import { RuleError } from '../../shared/rules.ts'
import { fingerprint } from '../secrets.ts'
import { headOf } from './cards.ts'
import type { Command } from '../admission.ts'
import { notesOfPackage } from './package.ts'
import type { DeckWriter, Written } from './writer.ts'

export type TextImport = z.output<typeof importDeckInput>
export type Upload = z.output<typeof uploadDeckInput>

/** What a text or a file holds: cards, and perhaps what a deck is called. */
interface Found {
  imported: Imported
  title?: string
  description?: string
}

/** Errors: too-large, deck-unreadable. */
export function readText({ text, format, become }: Pick<TextImport, 'text' | 'format' | 'become'>): Found {
  if (format !== 'json') return { imported: importCards({ text, format, as: become }) }
  const { deck, rows, errors } = readDeck(text)
  const { title, description, cards } = deck
  return { imported: { cards, rows, errors }, title, description }
}

/** Errors: too-large, deck-unreadable. */
export async function readUpload(file: Uint8Array, { format, become }: Upload): Promise<Found> {
  if (format !== 'apkg') return readText({ text: textOf(file), format, become })
  const { notes, errors } = await notesOfPackage(file)
  return { imported: cardsOfNotes(notes, { markup: 'html', as: become, errors }) }
}

/** Spreadsheets save "Unicode text" as UTF-16 with a byte order mark. */
const textOf = (file: Uint8Array) =>
  new TextDecoder(file[0] === 0xff && file[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(file)

export interface ImportCall {
  command: Command
  /** The command's input, without the text or file. */
  input: Omit<Upload, 'as'>
  /** Tells the text or file from another. */
  source: string
  found: Found
}

/** Puts the cards of texts and files into decks: all that are valid and find room, with an error for each row that made none. */
export function createImports({ newIds, create, change }: DeckWriter) {
  const intoNew = async ({ command, input, found }: ImportCall, print: string): Promise<Written> => {
    const title = input.title ?? found.title
    if (title === undefined) throw new RuleError('bad-request', { issues: { title: ['is missing'] } })
    const { description = '' } = found
    const empty: Deck = { title, description, visibility: input.visibility ?? 'private', cards: [] }
    return create(command, print, filled(empty, found, newIds(command)))
  }

  /** Errors: those of server/decks/writer.ts; bad-request (a new deck without a title). */
  return async (call: ImportCall): Promise<ImportReport> => {
    const { command, input, source, found } = call
    const { deck, title = '', visibility = '', format, become } = input
    const print = fingerprint('import', deck ?? '', title, visibility, format, become, source)
    if (deck === undefined && found.imported.cards.length === 0)
      return { deck: null, added: [], errors: found.imported.errors, replayed: false }
    const { doc, added, replayed } =
      deck === undefined
        ? await intoNew(call, print)
        : await change({ command, deck, print }, (known, newId) => filled(known, found, newId))
    const ids = Array.from({ length: added }, (_, n) => newIds(command)(n))
    return { deck: headOf(doc), added: ids, errors: errorsOf(found.imported, added), replayed }
  }
}

function filled(deck: Deck, { imported }: Found, newId: (n: number) => string): { deck: Deck; added: number } {
  const cards = cardsWithIds(imported, newId)
  const added = roomFor(deck, cards)
  if (added === 0) return { deck, added }
  return { deck: { ...deck, cards: [...deck.cards, ...cards.slice(0, added)] }, added }
}
