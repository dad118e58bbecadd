import { SignJWT } from 'jose'

/** Of the servers that the bench starts, on loopback, for as long as it runs. */
export const SECRET = 'the-secret-of-a-bench-on-loopback'

/** The settings of a server that is asked as fast as it goes. */
export const SETTINGS = {
  MODE: 'production',
  JWT_SECRET: SECRET,
  RATE_PER_ADDRESS: '0',
  RATE_PER_SECRET: '0',
  RATE_PER_USER: '0',
  RATE_PER_ROOM: '0',
}

export const tokenOf = (user: string, role: 'user' | 'service' = 'user'): Promise<string> =>
  new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
