/** The token of an `Authorization: Bearer …` header (RFC 6750), or null. A bare token is taken as well. */
export function parseBearer(header: string | null | undefined): string | null {
  const token = header?.replace(/^bearer\s+/i, '').trim()
  return token === undefined || token === '' ? null : token
}
