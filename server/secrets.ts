import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 128 random bits as base64url: an id or a secret. */
export const randomId = () => randomBytes(16).toString('base64url')

/** What is stored of a secret. A fast hash is enough: the secrets are 128 random bits, not passwords. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('base64url')

/** Compares a presented secret with a stored hash in constant time. */
export const matches = (secret: string, hash: string | undefined) =>
  hash !== undefined && timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash.padEnd(43).slice(0, 43)))

/** Joins parts so that no two lists of parts give the same text. */
const joined = (parts: readonly string[]) => parts.map((part) => `${part.length}:${part}`).join('')

/** A fingerprint of a request's body, to tell a repeat from another request under the same Idempotency-Key. */
export const fingerprint = (...parts: string[]) => createHash('sha256').update(joined(parts)).digest('base64url')

/**
 * Ids and secrets that a repeat must make again (an Idempotency-Key's room, its key): an HMAC under the installation's
 * secret, cut to the 128 bits of `randomId`. So no receipt has to store a secret in the clear.
 */
export const deriver = (installationSecret: string) => {
  return (...parts: string[]) =>
    createHmac('sha256', installationSecret).update(joined(parts)).digest().subarray(0, 16).toString('base64url')
}
export type Derive = ReturnType<typeof deriver>
