import { inflateRawSync } from 'node:zlib'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const DEFLATED = 8

/**
 * The content of the one entry of a zip archive whose name matches. Written here because `unzip` is missing on small
 * machines; knows what wheels use (stored or deflated entries, no zip64).
 */
export const readZipEntry = (archive: Buffer, name: RegExp): Buffer => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || archive.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('not a zip archive')
  const entries = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let entry = 0; entry < entries; entry++) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('damaged zip directory')
    const nameLength = archive.readUInt16LE(at + 28)
    if (name.test(archive.toString('utf8', at + 46, at + 46 + nameLength))) return contentOf(archive, at)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  throw new Error(`no entry ${name} in the zip archive`)
}

const contentOf = (archive: Buffer, entry: number): Buffer => {
  const method = archive.readUInt16LE(entry + 10)
  const size = archive.readUInt32LE(entry + 20)
  const header = archive.readUInt32LE(entry + 42)
  // The local header repeats the name and may carry another "extra" field than the directory: only it knows its length.
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
  const data = archive.subarray(start, start + size)
  return method === DEFLATED ? inflateRawSync(data) : data
}
