/** A new Idempotency-Key: 128 random bits as hex. Not `randomUUID`, which browsers offer on HTTPS and localhost only. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
