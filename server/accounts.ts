import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { nameSchema } from '../shared/ids.ts'
import { LIMITS } from '../shared/limits.ts'
import { RuleError } from '../shared/rules.ts'
import type { Services } from './services.ts'

/** Who calls, from the integrator's token: `sub` is the integrator's user id. A service may act for users it names. */
export const accountSchema = z.object({
  id: nameSchema,
  name: nameSchema,
  role: z.enum(['user', 'service']),
  /** When the token ends; a subscription ends with it. */
  expiresAt: z.date().nullable(),
})
export type Account = z.infer<typeof accountSchema>

const claimsSchema = z.object({
  sub: nameSchema,
  name: nameSchema.optional(),
  role: z.enum(['user', 'service']).default('user'),
  exp: z.number().optional(),
})

const GUEST_HOURS = 12
/** Verified tokens that are remembered: how many, and how long. */
const KNOWN_TOKENS = 10_000
const KNOWN_MS = 60_000

/** A guest's name, as others are to see it, and what nobody else has. */
const guestId = (name: string) =>
  `${[...name].slice(0, LIMITS.nameChars / 3).join('')}-${crypto.randomUUID().slice(0, 8)}`

const isTokenFault = (error: unknown) =>
  error instanceof errors.JOSEError &&
  !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', errors.JOSEError.code].includes(error.code)

/** Verifies bearer JWTs (HS256 with JWT_SECRET, or the keys at JWKS_URL), and mints guests in the development start only. */
export function createAccounts({ env, derive }: Pick<Services, 'env' | 'derive'>) {
  const guests = env.MODE === 'development'
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = env
  const secret = env.JWT_SECRET ?? (guests ? derive('guest-tokens') + derive('guest-tokens', '2') : undefined)
  const secretBytes = secret === undefined ? null : new TextEncoder().encode(secret)
  const keys = env.JWKS_URL === undefined ? null : createRemoteJWKSet(new URL(env.JWKS_URL))
  const expected = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  }

  /** Null for what the token's bearer did wrong; an outage of the integrator's key server is not that. */
  const refused = (error: unknown) => {
    if (keys !== null && !isTokenFault(error)) throw error
    return null
  }

  const claimsOf = async (token: string) => {
    if (keys !== null) return (await jwtVerify(token, keys, expected)).payload
    if (secretBytes === null) throw new RuleError('unauthorized')
    return (await jwtVerify(token, secretBytes, { ...expected, algorithms: ['HS256'] })).payload
  }

  // To verify costs 50 µs and more, which is most of a room command; a key that was withdrawn counts for this much longer.
  const known = new Map<string, { account: Account; until: number }>()

  /** The account of a bearer token; `unauthorized` when it is missing, forged, expired or of another shape. */
  const verify = async (token: string | null): Promise<Account> => {
    const found = known.get(token ?? '')
    if (found !== undefined && found.until > Date.now()) return found.account
    const payload = token === null ? null : await claimsOf(token).catch(refused)
    const claims = claimsSchema.safeParse(payload)
    if (!claims.success) throw new RuleError('unauthorized')
    const { sub, name, role, exp } = claims.data
    const expiresAt = exp === undefined ? null : new Date(exp * 1_000)
    const account = { id: sub, name: name ?? sub, role, expiresAt }
    if (token !== null) remember(token, account)
    return account
  }

  const remember = (token: string, account: Account) => {
    known.set(token, { account, until: Math.min(Date.now() + KNOWN_MS, account.expiresAt?.getTime() ?? Infinity) })
    if (known.size > KNOWN_TOKENS) known.delete(known.keys().next().value ?? token)
  }

  /** A token for a made-up user; `guests-off` outside the development start. */
  const guest = async (name: string): Promise<{ token: string }> => {
    if (!guests || secretBytes === null || keys !== null) throw new RuleError('guests-off')
    const jwt = new SignJWT({ name, role: 'user' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(guestId(name))
      .setExpirationTime(`${GUEST_HOURS}h`)
    if (issuer !== undefined) jwt.setIssuer(issuer)
    if (audience !== undefined) jwt.setAudience(audience)
    return { token: await jwt.sign(secretBytes) }
  }

  return { verify, guest }
}
