import { malformed } from './sqlite-cells.ts'

const MAGIC = 'SQLite format 3\0'
/** Of the file, before the first page's own header. */
export const FILE_HEADER = 100
const ENCODINGS: Readonly<Record<number, string>> = { 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' }

/** How much of a payload stands in its cell, where a page has so many usable bytes; the rest is in overflow pages. */
function localBytes(bytes: number, { usable, isTable }: { usable: number; isTable: boolean }): number {
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23
  if (bytes <= most) return bytes
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const even = least + ((bytes - least) % (usable - 4))
  return even <= most ? even : least
}

/** What the header of a SQLite file says (sqlite.org/fileformat2.html). */
function headerOf(file: Buffer) {
  if (file.length < FILE_HEADER || file.toString('latin1', 0, 16) !== MAGIC) throw malformed('is no SQLite file')
  const given = file.readUInt16BE(16)
  const size = given === 1 ? 65_536 : given
  const usable = size - file.readUInt8(20)
  if (size < 512 || (size & (size - 1)) !== 0 || usable < 480) throw malformed('has pages of no size')
  return { size, usable, encoding: ENCODINGS[file.readUInt32BE(56)] ?? 'utf-8' }
}

/** The pages of a SQLite file, and the payloads of their cells: no more bytes of them than the file has. */
export function sqlitePages(file: Buffer) {
  const { size, usable, encoding } = headerOf(file)
  let left = file.length

  /** By its number, from 1. */
  const pageAt = (number: number): Buffer => {
    const page = file.subarray((number - 1) * size, number * size)
    if (number < 1 || page.length < size) throw malformed('a page is missing')
    return page
  }

  /** The number of another page that stands there. */
  const linkAt = (page: Buffer, at: number): number => {
    if (at + 4 > usable) throw malformed('a record is cut off')
    return page.readUInt32BE(at)
  }

  /** The payload that begins there, from its cell and its overflow pages. */
  const payloadAt = (page: Buffer, at: number, { bytes, isTable }: { bytes: number; isTable: boolean }): Buffer => {
    left -= bytes
    if (left < 0) throw malformed('its records are larger than the file')
    const local = localBytes(bytes, { usable, isTable })
    if (at + local > usable) throw malformed('a record is cut off')
    if (local === bytes) return page.subarray(at, at + bytes)
    const parts = [page.subarray(at, at + local)]
    let next = linkAt(page, at + local)
    for (let missing = bytes - local; missing > 0; missing -= usable - 4) {
      const more = pageAt(next)
      parts.push(more.subarray(4, 4 + Math.min(missing, usable - 4)))
      next = linkAt(more, 0)
    }
    return Buffer.concat(parts)
  }

  return { usable, encoding, pageAt, linkAt, payloadAt }
}
