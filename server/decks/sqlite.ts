import { malformed, readRecord, readVarint, type SqlValue } from './sqlite-cells.ts'

const MAGIC = 'SQLite format 3\0'
const FILE_HEADER = 100
const ENCODINGS: Readonly<Record<number, string>> = { 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' }
const LEAF_TABLE = 0x0d
const INNER_TABLE = 0x05
const LEAF_INDEX = 0x0a
const INNER_INDEX = 0x02

export interface SqliteOptions {
  /** A record over it is not read: its row is null. */
  recordBytes: number
  /** Rows that are looked at: past it the file counts as malformed. */
  rows: number
}

export interface SqliteRow {
  /** null: it is over `recordBytes`. The first column of a table with an `integer primary key` is null in it. */
  fields: SqlValue[] | null
}

/**
 * Reads tables of a SQLite file that somebody sent (sqlite.org/fileformat2.html). Not by SQLite: a file may bring views, computed
 * columns and page loops that take it any time and memory, and nothing stops a query. This runs nothing that the file says, visits no
 * page of a tree twice, and reads no more bytes of records than the file has. Error: deck-unreadable.
 */
export function openSqlite(file: Buffer, { recordBytes, rows: mostRows }: SqliteOptions) {
  if (file.length < FILE_HEADER || file.toString('latin1', 0, 16) !== MAGIC) throw malformed('is no SQLite file')
  const sizeField = file.readUInt16BE(16)
  const pageSize = sizeField === 1 ? 65_536 : sizeField
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) throw malformed('has pages of no size')
  const usable = pageSize - file.readUInt8(20)
  if (usable < 480) throw malformed('has pages of no size')
  const encoding = ENCODINGS[file.readUInt32BE(56)] ?? 'utf-8'
  let left = file.length
  let seenRows = 0

  const pageAt = (number: number): Buffer => {
    const page = file.subarray((number - 1) * pageSize, number * pageSize)
    if (number < 1 || page.length < pageSize) throw malformed('a page is missing')
    return page
  }

  /** How much of a payload stands in its cell; the rest is in overflow pages. */
  const localBytes = (payload: number, isTable: boolean): number => {
    const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23
    if (payload <= most) return payload
    const least = Math.floor(((usable - 12) * 32) / 255) - 23
    const even = least + ((payload - least) % (usable - 4))
    return even <= most ? even : least
  }

  const payloadOf = (page: Buffer, at: number, { bytes, isTable }: { bytes: number; isTable: boolean }): Buffer => {
    left -= bytes
    if (left < 0) throw malformed('its records are larger than the file')
    const local = localBytes(bytes, isTable)
    if (at + local > usable) throw malformed('a record is cut off')
    const parts = [page.subarray(at, at + local)]
    let next = local < bytes ? pageEnd(page, at + local) : 0
    for (let missing = bytes - local; missing > 0; missing -= usable - 4) {
      const more = pageAt(next)
      parts.push(more.subarray(4, 4 + Math.min(missing, usable - 4)))
      next = more.readUInt32BE(0)
    }
    return parts.length === 1 ? (parts[0] ?? page) : Buffer.concat(parts)
  }
  const pageEnd = (page: Buffer, at: number) => {
    if (at + 4 > usable) throw malformed('a record is cut off')
    return page.readUInt32BE(at)
  }

  const rowAt = (page: Buffer, at: number, isTable: boolean): SqliteRow => {
    // A page's cells may all be the same one: a large file has tens of millions.
    if (++seenRows > mostRows) throw malformed('it has too many rows')
    const { value: bytes, next } = readVarint(page, at)
    if (bytes > recordBytes) return { fields: null }
    const start = isTable ? readVarint(page, next).next : next
    return { fields: readRecord(payloadOf(page, start, { bytes, isTable }), encoding) }
  }

  /** The rows of the tree with this root, in order. Of a `without rowid` table the inner pages hold rows as well. */
  function* rows(root: number): Generator<SqliteRow> {
    const seen = new Set<number>()
    const open: (number | SqliteRow)[] = [root]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (typeof next !== 'number') {
        yield next
        continue
      }
      if (seen.has(next)) throw malformed('its pages are a loop')
      seen.add(next)
      const page = pageAt(next)
      const header = next === 1 ? FILE_HEADER : 0
      const type = page.readUInt8(header)
      const isTable = type === LEAF_TABLE || type === INNER_TABLE
      const isInner = type === INNER_TABLE || type === INNER_INDEX
      if (!isTable && !isInner && type !== LEAF_INDEX) throw malformed('a page is of no known kind')
      const cells = cellsOf(page, header, isInner)
      if (!isInner) {
        for (const at of cells) yield rowAt(page, at, isTable)
        continue
      }
      open.push(page.readUInt32BE(header + 8))
      for (const at of cells.reverse()) {
        if (!isTable) open.push(rowAt(page, at + 4, false))
        open.push(pageEnd(page, at))
      }
    }
  }

  const cellsOf = (page: Buffer, header: number, isInner: boolean): number[] => {
    const first = header + (isInner ? 12 : 8)
    const count = page.readUInt16BE(header + 3)
    if (first + 2 * count > usable) throw malformed('a page has too many cells')
    return Array.from({ length: count }, (_, i) => page.readUInt16BE(first + 2 * i))
  }

  /** Where the table of this name begins; null: there is none. What looks like a table and is a view has no page. */
  const tableAt = (name: string): number | null => {
    for (const { fields } of rows(1)) {
      const [type, known, , root] = fields ?? []
      if (type === 'table' && known === name && typeof root === 'number') return root
    }
    return null
  }

  return {
    /** The rows of a table, in order; none if there is no such table. A row's fields stand as the table was made. */
    *table(name: string): Generator<SqliteRow> {
      const root = tableAt(name)
      if (root !== null) yield* rows(root)
    },
  }
}
