import { describe, expect, test } from 'bun:test'
import { SignJWT, UnsecuredJWT } from 'jose'
import { createAccounts } from '../../server/accounts.ts'
import { parseEnv } from '../../server/env.ts'
import { deriver } from '../../server/secrets.ts'

const SECRET = 'a-secret-of-the-integrator-of-32+'
const derive = deriver('installation')
const accountsWith = (env: Record<string, string>) => createAccounts({ env: parseEnv(env), derive })

interface TokenOptions {
  secret?: string
  alg?: string
  issuer?: string
  audience?: string
  expires?: string
}
const tokenOf = (claims: Record<string, unknown>, options: TokenOptions = {}) => {
  const { secret = SECRET, alg = 'HS256', issuer, audience, expires = '1h' } = options
  const jwt = new SignJWT(claims).setProtectedHeader({ alg }).setExpirationTime(expires)
  if (issuer !== undefined) jwt.setIssuer(issuer)
  if (audience !== undefined) jwt.setAudience(audience)
  return jwt.sign(new TextEncoder().encode(secret))
}
const unauthorized = expect.objectContaining({ rule: 'unauthorized' })

describe('a token signed with JWT_SECRET', () => {
  const accounts = accountsWith({ JWT_SECRET: SECRET })

  test('says who calls', async () => {
    const account = await accounts.verify(await tokenOf({ sub: 'u1', name: 'Ann', role: 'service' }))
    expect(account).toMatchObject({ id: 'u1', name: 'Ann', role: 'service' })
    expect(account.expiresAt?.getTime()).toBeGreaterThan(Date.now())
  })

  test('without name and role is a user called by the id', async () => {
    expect(await accounts.verify(await tokenOf({ sub: 'u1' }))).toMatchObject({ id: 'u1', name: 'u1', role: 'user' })
  })

  test.each<[string, () => string | null | Promise<string>]>([
    ['is missing', () => null],
    ['is no token', () => 'x'],
    ['is empty in its parts', () => '..'],
    ['is of another secret', () => tokenOf({ sub: 'u1' }, { secret: 'another-secret-of-the-same-length' })],
    ['has expired', () => tokenOf({ sub: 'u1' }, { expires: '-1s' })],
    ['is not signed at all (alg none)', () => new UnsecuredJWT({ sub: 'u1' }).encode()],
    ['is signed by another algorithm', () => tokenOf({ sub: 'u1' }, { alg: 'HS512', secret: SECRET + SECRET })],
    ['names nobody', () => tokenOf({})],
    ['names somebody with control characters', () => tokenOf({ sub: 'u\u0000' })],
    ['has a role that there is not', () => tokenOf({ sub: 'u1', role: 'admin' })],
    ['was changed', async () => (await tokenOf({ sub: 'u1' })).replace(/\.[^.]+\./, `.${btoa('{"sub":"u2"}')}.`)],
  ])('is unauthorized when it %s', async (_, token) => {
    await expect(accounts.verify(await token())).rejects.toEqual(unauthorized)
  })

  test('must be of the issuer and for the audience that are set', async () => {
    const strict = accountsWith({ JWT_SECRET: SECRET, JWT_ISSUER: 'https://us', JWT_AUDIENCE: 'foyer' })
    const right = { issuer: 'https://us', audience: 'foyer' }
    expect(await strict.verify(await tokenOf({ sub: 'u1' }, right))).toMatchObject({ id: 'u1' })
    for (const wrong of [{}, { ...right, issuer: 'https://them' }, { ...right, audience: 'other' }])
      await expect(strict.verify(await tokenOf({ sub: 'u1' }, wrong))).rejects.toEqual(unauthorized)
  })
})

describe('guests', () => {
  test('are let in by the development start, with a token that verifies there', async () => {
    const starts: Record<string, string>[] = [{}, { JWT_SECRET: SECRET, JWT_ISSUER: 'us' }]
    for (const env of starts) {
      const accounts = accountsWith({ MODE: 'development', ...env })
      const [one, two] = await Promise.all([accounts.guest('Ann'), accounts.guest('Ann')])
      const account = await accounts.verify(one.token)
      expect(account).toMatchObject({ name: 'Ann', role: 'user' })
      expect((await accounts.verify(two.token)).id).not.toBe(account.id)
    }
  })

  test('and by no other: guests-off, though the secret could sign', async () => {
    const others: Record<string, string>[] = [
      {},
      { JWT_SECRET: SECRET },
      { MODE: 'development', JWKS_URL: 'http://localhost/keys' },
    ]
    for (const env of others) await expect(accountsWith(env).guest('Ann')).rejects.toMatchObject({ rule: 'guests-off' })
  })

  test('do not make production accept tokens without a secret', async () => {
    const { token } = await accountsWith({ MODE: 'development' }).guest('Ann')
    await expect(accountsWith({}).verify(token)).rejects.toEqual(unauthorized)
  })
})
