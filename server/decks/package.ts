import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { Note } from '../../shared/deck/notes.ts'
import type { RowError } from '../../shared/deck/report.ts'
import { LIMITS } from '../../shared/limits.ts'
import { RuleError } from '../../shared/rules.ts'
import { type Unpack, unpacked, unzipped, zipEntries } from './zip.ts'
import { notesOf } from './collection.ts'

const { bytes, entries: mostEntries, collectionBytes, ratio, smallBytes } = LIMITS.deck.package

/** Newest first: where there is a newer one, the older is a note that asks to update Anki. */
const COLLECTIONS = ['collection.anki21b', 'collection.anki21', 'collection.anki2'] as const
const zstd: Unpack = promisify(zstdDecompress)

/** How large what is packed in so many bytes may be: what grows more is made to. */
const mostOf = (packed: number) => Math.min(collectionBytes, Math.max(smallBytes, packed * ratio))

/**
 * The notes of an Anki package (.apkg, or .colpkg): a zip of a SQLite collection and media, which are not looked at. Errors: too-large,
 * deck-unreadable.
 */
export async function notesOfPackage(file: Uint8Array): Promise<{ notes: Note[]; errors: RowError[] }> {
  if (file.byteLength > bytes) throw new RuleError('too-large', { what: 'bytes', limit: bytes })
  const archive = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const entries = zipEntries(archive, mostEntries)
  const name = COLLECTIONS.find((each) => entries.some((entry) => entry.name === each))
  const entry = entries.find((each) => each.name === name)
  if (entry === undefined) throw new RuleError('deck-unreadable', { issues: { zip: ['has no collection of Anki'] } })
  const stored = await unzipped(archive, entry, mostOf(entry.size))
  const collection = name === 'collection.anki21b' ? await unpacked(zstd, stored, mostOf(stored.length)) : stored
  return notesOf(collection)
}
