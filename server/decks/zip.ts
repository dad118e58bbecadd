import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { RuleError } from '../../shared/rules.ts'

const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 0x05, 0x06])
const END_BYTES = 22
const DIRECTORY_ENTRY = 0x02014b50
const DIRECTORY_BYTES = 46
const LOCAL_BYTES = 30
const STORED = 0
const DEFLATED = 8
/** The flag of an entry that a password protects. */
const ENCRYPTED = 1

/** A file in a zip archive, as the directory at its end says: names and sizes are whoever made it's to choose. */
export interface ZipEntry {
  name: string
  method: number
  encrypted: boolean
  /** Packed, in bytes. */
  size: number
  /** Where its local header begins. */
  start: number
}

const damaged = (why: string) => new RuleError('deck-unreadable', { issues: { zip: [why] } })

/**
 * The files of a zip archive that somebody sent, without unpacking any; no zip64. The work is bounded by `entries` and by the
 * archive's size. Errors: deck-unreadable, too-large (more than `entries`).
 */
export function zipEntries(archive: Buffer, limit: number): ZipEntry[] {
  // What may follow the end record is a comment of up to 65,535 bytes.
  const tail = Math.max(0, archive.length - END_BYTES - 0xffff)
  const end = archive.subarray(tail).lastIndexOf(END_OF_DIRECTORY) + tail
  if (end < tail || end + END_BYTES > archive.length) throw damaged('is no zip archive')
  const count = archive.readUInt16LE(end + 10)
  if (count > limit) throw new RuleError('too-large', { what: 'entries', limit })
  const entries: ZipEntry[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_BYTES > end || archive.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw damaged('has a damaged directory')
    const nameEnd = at + DIRECTORY_BYTES + archive.readUInt16LE(at + 28)
    entries.push({
      name: archive.toString('utf8', at + DIRECTORY_BYTES, Math.min(nameEnd, end)),
      method: archive.readUInt16LE(at + 10),
      encrypted: (archive.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
      size: archive.readUInt32LE(at + 20),
      start: archive.readUInt32LE(at + 42),
    })
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries
}

/** A file of a zip archive, unpacked in another thread to `most` bytes. Errors: deck-unreadable, too-large. */
export async function unzipped(archive: Buffer, entry: ZipEntry, most: number): Promise<Buffer> {
  const { method, encrypted, size, start } = entry
  if (encrypted) throw damaged('is protected by a password')
  if (start + LOCAL_BYTES > archive.length) throw damaged('is cut off')
  // The local header repeats the name and may carry another "extra" field than the directory: only it knows its length.
  const from = start + LOCAL_BYTES + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
  if (from + size > archive.length) throw damaged('is cut off')
  const packed = archive.subarray(from, from + size)
  if (method === DEFLATED) return unpacked(inflate, packed, most)
  if (method !== STORED) throw damaged('is packed in a way that is not known here')
  if (size > most) throw new RuleError('too-large', { what: 'collectionBytes', limit: most })
  return packed
}

const inflate: Unpack = promisify(inflateRaw)

/** A function of node:zlib. */
export type Unpack = (packed: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>

/** Unpacks to `most` bytes and stops there, however much more it would be. Errors: deck-unreadable, too-large. */
export async function unpacked(unpack: Unpack, packed: Uint8Array, most: number): Promise<Buffer> {
  try {
    return await unpack(packed, { maxOutputLength: most })
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    if (isTooLarge) throw new RuleError('too-large', { what: 'collectionBytes', limit: most })
    throw damaged('is damaged')
  }
}
