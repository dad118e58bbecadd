import { SignJWT } from 'jose'

/** The integrator's secret in tests: `env: { JWT_SECRET }`. */
export const JWT_SECRET = 'a-secret-of-tests-that-is-long-enough'

export interface TokenOptions {
  role?: 'user' | 'service'
  /** Seconds from now; default an hour. */
  seconds?: number
}

/** A token as an integrator's backend signs it for one of its users, or for itself. */
export const tokenOf = (user: string, { role = 'user', seconds = 3_600 }: TokenOptions = {}): Promise<string> =>
  new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
    .sign(new TextEncoder().encode(JWT_SECRET))
