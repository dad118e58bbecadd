import { Database } from 'bun:sqlite'
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib'

/** A file of an archive. `packed`: sent as it is, whatever it says of itself. */
export interface Entry {
  name: string
  content: Uint8Array
  method?: 'stored' | 'deflated' | number
  flags?: number
}

/** A zip archive as any tool writes it. */
export function zipOf(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let start = 0
  for (const { name, content, method = 'deflated', flags = 0 } of entries) {
    const packed = method === 'deflated' ? deflateRawSync(content) : Buffer.from(content)
    const code = method === 'deflated' ? 8 : method === 'stored' ? 0 : method
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(code, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(start, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, Buffer.from(name)]))
    files.push(local)
    start += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([...files, ...directory, end])
}

export interface GivenNote {
  fields: readonly string[]
  tags?: string
  /** Of which kind; see `kinds`. */
  kind?: number
}

export interface Given {
  notes: readonly GivenNote[]
  /** Names of the fields by kind of note. */
  kinds?: Readonly<Record<number, readonly string[]>>
  pragmas?: string
}

const BASIC = { 1_700_000_000_001: ['Front', 'Back'] }
const KIND = 1_700_000_000_001

const NOTES = `create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null)`
const COL = `create table col (id integer primary key, crt integer, mod integer, scm integer, ver integer, dty integer,
  usn integer, ls integer, conf text, models text, decks text, dconf text, tags text)`

/** What `make` writes, as the bytes of a SQLite file. */
export function sqliteOf(make: (db: Database) => void): Buffer {
  const db = new Database(':memory:')
  try {
    make(db)
    return Buffer.from(db.serialize())
  } finally {
    db.close()
  }
}

function addNotes(db: Database, notes: readonly GivenNote[]) {
  db.run(NOTES)
  db.run('create index ix_notes_usn on notes (usn)')
  const insert = db.prepare('insert into notes values (?, ?, ?, 1700000000, -1, ?, ?, ?, 7, 0, ?)')
  db.transaction(() => {
    for (const [i, { fields, tags = '', kind = KIND }] of notes.entries())
      insert.run(KIND + i * 1_000, `guid${i}`, kind, tags, fields.join('\x1f'), fields[0] ?? '', '')
  })()
}

/** A collection of schema 11: kinds of notes stand in a column as JSON. */
export const collection11 = ({ notes, kinds = BASIC, pragmas = '' }: Given): Buffer =>
  sqliteOf((db) => {
    db.run(pragmas || 'pragma user_version = 0')
    db.run(COL)
    const models = Object.entries(kinds).map(([kind, names]) => [
      kind,
      { id: kind, name: 'Basic', type: 0, flds: names.map((name, ord) => ({ name, ord })), tmpls: [] },
    ])
    const json = JSON.stringify(Object.fromEntries(models))
    db.run("insert into col values (1, 1, 1, 1, 11, 0, 0, 0, '{}', ?, '{}', '{}', '{}')", [json])
    addNotes(db, notes)
  })

/** A collection of schema 18: kinds of notes stand in tables, one of them without row ids. */
export const collection18 = ({ notes, kinds = BASIC, pragmas = '' }: Given): Buffer =>
  sqliteOf((db) => {
    db.run(pragmas || 'pragma user_version = 0')
    db.run(COL)
    db.run("insert into col values (1, 1, 1, 1, 18, 0, 0, 0, '', '', '', '', '')")
    db.run(
      'create table notetypes (id integer primary key, name text not null, mtime_secs integer, usn integer, config blob)',
    )
    db.run(
      'create table fields (ntid integer not null, ord integer not null, name text not null, config blob not null, primary key (ntid, ord)) without rowid',
    )
    for (const [kind, names] of Object.entries(kinds)) {
      db.run("insert into notetypes values (?, ?, 0, 0, x'00')", [Number(kind), `Kind ${kind}`])
      for (const [ord, name] of names.entries())
        db.run("insert into fields values (?, ?, ?, x'0a0b')", [Number(kind), ord, name])
    }
    addNotes(db, notes)
  })

const DUMMY = collection11({ notes: [{ fields: ['Please update Anki', ''] }] })
const MEDIA: Entry = { name: 'media', content: Buffer.from('{}') }

/** A package of each age. */
export const packageOf = {
  anki2: (given: Given) => zipOf([{ name: 'collection.anki2', content: collection11(given) }, MEDIA]),
  anki21: (given: Given) =>
    zipOf([
      { name: 'collection.anki2', content: DUMMY },
      { name: 'collection.anki21', content: collection11(given) },
      MEDIA,
    ]),
  anki21b: (given: Given) =>
    zipOf([
      { name: 'meta', content: Buffer.from([8, 3]), method: 'stored' },
      { name: 'collection.anki2', content: DUMMY },
      { name: 'collection.anki21b', content: zstdCompressSync(collection18(given)), method: 'stored' },
      { ...MEDIA, method: 'stored' },
    ]),
} as const
