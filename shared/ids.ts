import { z } from 'zod'
import { LIMITS } from './limits.ts'

const wellFormed = (text: string) => text.isWellFormed()
/** Control characters, line separators: hostile in logs, headers and event streams. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** A name that people chose (room, session, host, client): 1-128 characters, no control characters, not blank. */
export const nameSchema = z
  .string()
  .min(1)
  .max(LIMITS.nameChars)
  .refine((name) => wellFormed(name) && !CONTROL.test(name), 'has control characters or broken unicode')
  .refine((name) => name.trim().length > 0, 'is blank')

/** A session description (RFC 8866 text as a rule). Relayed as it is and never inspected. */
export const sdpSchema = z.string().min(1).max(LIMITS.sdpChars).refine(wellFormed, 'has broken unicode')

/** An id that the service made: 128 random bits as base64url. */
export const idSchema = z.string().regex(/^[\w-]{22}$/, 'is not an id')

/**
 * Idempotency-Key: made by the client, new for every request that is not a repeat, as hard to guess as a UUID,
 * since who knows it hears the first reply. 16-128 characters of A-Z a-z 0-9 _ - . :
 */
export const idempotencyKeySchema = z
  .string()
  .min(LIMITS.idempotencyKeyChars.min)
  .max(LIMITS.idempotencyKeyChars.max)
  .regex(/^[\w.:-]+$/, 'has other characters than A-Z a-z 0-9 _ - . :')

/** A wait in ms; the server caps it (settings), so any sensible number is valid. */
export const waitSchema = z.number().int().min(0).max(600_000)
