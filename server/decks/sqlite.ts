import { malformed, readRecord, readVarint, type SqlValue } from './sqlite-cells.ts'
import { FILE_HEADER, sqlitePages } from './sqlite-pages.ts'

const LEAF_TABLE = 0x0d
const INNER_TABLE = 0x05
const LEAF_INDEX = 0x0a
const INNER_INDEX = 0x02
const KINDS = [LEAF_TABLE, INNER_TABLE, LEAF_INDEX, INNER_INDEX]

export interface SqliteOptions {
  /** A record over it is not read: its row is null. */
  recordBytes: number
  /** Rows that are looked at: past it the file counts as malformed. */
  rows: number
}

/** The fields of a row; null: it is over `recordBytes`. An `integer primary key` stands elsewhere, and is null here. */
export type SqliteRow = { fields: SqlValue[] | null }

/**
 * Reads tables of a SQLite file that somebody sent (sqlite.org/fileformat2.html). Not by SQLite: a file may bring views, computed
 * columns and page loops that take it any time and memory, and nothing stops a query. This runs nothing that the file says, visits no
 * page of a tree twice, and reads no more bytes of records than the file has. Error: deck-unreadable.
 */
export function openSqlite(file: Buffer, { recordBytes, rows: most }: SqliteOptions) {
  const { usable, encoding, pageAt, linkAt, payloadAt } = sqlitePages(file)
  let seen = 0

  const rowAt = (page: Buffer, at: number, isTable: boolean): SqliteRow => {
    // A page's cells may all be the same one: a large file has tens of millions.
    if (++seen > most) throw malformed('it has too many rows')
    const { value: bytes, next } = readVarint(page, at)
    if (bytes > recordBytes) return { fields: null }
    const start = isTable ? readVarint(page, next).next : next
    return { fields: readRecord(payloadAt(page, start, { bytes, isTable }), encoding) }
  }

  /** What is on a page, in order: rows, and the numbers of the pages below it. */
  function* partsOf(number: number): Generator<number | SqliteRow> {
    const page = pageAt(number)
    const header = number === 1 ? FILE_HEADER : 0
    const kind = page.readUInt8(header)
    if (!KINDS.includes(kind)) throw malformed('a page is of no known kind')
    const isTable = kind === LEAF_TABLE || kind === INNER_TABLE
    const isInner = kind === INNER_TABLE || kind === INNER_INDEX
    const first = header + (isInner ? 12 : 8)
    const cells = page.readUInt16BE(header + 3)
    if (first + 2 * cells > usable) throw malformed('a page has too many cells')
    for (let cell = 0; cell < cells; cell++) {
      const at = page.readUInt16BE(first + 2 * cell)
      if (isInner) yield linkAt(page, at)
      // The inner pages of a table hold keys alone; those of one without row ids, rows.
      if (!isInner || !isTable) yield rowAt(page, isInner ? at + 4 : at, isTable)
    }
    if (isInner) yield page.readUInt32BE(header + 8)
  }

  /** The rows of the tree with this root, in order. */
  function* rowsOf(root: number): Generator<SqliteRow> {
    const visited = new Set([root])
    const open = [partsOf(root)]
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { value: part, done } = top.next()
      if (done === true) open.pop()
      else if (typeof part === 'object') yield part
      else {
        if (visited.has(part)) throw malformed('its pages are a loop')
        visited.add(part)
        open.push(partsOf(part))
      }
    }
  }

  /** Where the table of this name begins; null: there is none. What is called so and is a view has no page. */
  const rootOf = (name: string): number | null => {
    for (const { fields } of rowsOf(1)) {
      const [type, known, , root] = fields ?? []
      if (type === 'table' && known === name && typeof root === 'number') return root
    }
    return null
  }

  return {
    /** The rows of a table, in order; none if there is no such table. A row's fields stand as the table was made. */
    *table(name: string): Generator<SqliteRow> {
      const root = rootOf(name)
      if (root !== null) yield* rowsOf(root)
    },
  }
}
