import { randomBytes } from 'node:crypto'

/** 16 bytes as the text of a UUID of that version (RFC 9562), for ids that are derived (8) or dated (7). */
export function uuidOf(bytes: Uint8Array, version: 7 | 8): string {
  const own = Uint8Array.from(bytes.subarray(0, 16))
  own[6] = ((own[6] ?? 0) & 0x0f) | (version << 4)
  own[8] = ((own[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(own).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A UUIDv7 of that time. `from`: 16 bytes or more from which the rest follows; else it is random. */
export function datedUuid(at: Date, from: Uint8Array = randomBytes(16)): string {
  const bytes = Buffer.from(from)
  bytes.writeUIntBE(at.getTime(), 0, 6)
  return uuidOf(bytes, 7)
}
