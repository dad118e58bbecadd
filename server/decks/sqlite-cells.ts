import { RuleError } from '../../shared/rules.ts'

export const malformed = (why: string) => new RuleError('deck-unreadable', { issues: { collection: [why] } })

/** A field of a record; a blob is the bytes of the file itself. */
export type SqlValue = null | number | string | Uint8Array

/** SQLite's varint: seven bits a byte, nine bytes at most, the last one whole. As a number: what is over 2^53 loses its end. */
export function readVarint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) throw malformed('a number is cut off')
    if (i === 8) return { value: value * 256 + byte, next: at + 9 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return { value, next: at + 9 }
}

/** No table that is looked at has more columns. */
const COLUMNS = 64
const INT_BYTES = [0, 1, 2, 3, 4, 6, 8]

/** The fields of a record (sqlite.org/fileformat2.html, "Record Format"). */
export function readRecord(record: Buffer, encoding: string): SqlValue[] {
  const head = readVarint(record, 0)
  if (head.value > record.length) throw malformed('a record is cut off')
  const decoder = new TextDecoder(encoding)
  const fields: SqlValue[] = []
  let body = head.value
  for (let at = head.next; at < head.value && fields.length < COLUMNS;) {
    const { value: type, next } = readVarint(record, at)
    const size = type >= 12 ? Math.floor((type - 12) / 2) : type === 7 ? 8 : (INT_BYTES[type] ?? 0)
    if (body + size > record.length) throw malformed('a record is cut off')
    fields.push(fieldOf(record.subarray(body, body + size), type, decoder))
    body += size
    at = next
  }
  return fields
}

function fieldOf(bytes: Buffer, type: number, decoder: TextDecoder): SqlValue {
  if (type >= 12) return type % 2 === 0 ? bytes : decoder.decode(bytes)
  if (type === 8 || type === 9) return type - 8
  if (type === 7) return bytes.readDoubleBE()
  if (type === 6) return Number(bytes.readBigInt64BE())
  return type >= 1 && type <= 5 ? bytes.readIntBE(0, bytes.length) : null
}
