import { afterAll, describe, expect, test } from 'bun:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createAccounts } from '../../server/accounts.ts'
import { parseEnv } from '../../server/env.ts'
import { faultOf } from '../../server/errors.ts'
import { deriver } from '../../server/secrets.ts'

const ours = await generateKeyPair('ES256')
const theirs = await generateKeyPair('ES256')
const keys = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] }
let reply = () => Response.json(keys)
const keyServer = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => reply() })
afterAll(() => keyServer.stop(true))

const accountsAt = (url: string) =>
  createAccounts({ env: parseEnv({ JWKS_URL: url, JWT_ISSUER: 'https://us' }), derive: deriver('installation') })
const tokenOf = (key: CryptoKey, { kid = 'k1', issuer = 'https://us', expires = '1h' } = {}) =>
  new SignJWT({ sub: 'u1' })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(issuer)
    .setExpirationTime(expires)
    .sign(key)
const faultWith = async (accounts: ReturnType<typeof accountsAt>, token: string) =>
  accounts.verify(token).then(
    () => 'it was let in',
    (error: unknown) => faultOf(error).rule,
  )

describe('a token signed with a key at JWKS_URL', () => {
  const accounts = accountsAt(keyServer.url.href)

  test('says who calls', async () => {
    expect(await accounts.verify(await tokenOf(ours.privateKey))).toMatchObject({ id: 'u1', role: 'user' })
  })

  test.each([
    ['of another`s key', () => tokenOf(theirs.privateKey)],
    ['of a key that is not there', () => tokenOf(ours.privateKey, { kid: 'k2' })],
    ['of another issuer', () => tokenOf(ours.privateKey, { issuer: 'https://them' })],
    ['that has expired', () => tokenOf(ours.privateKey, { expires: '-1s' })],
    [
      'signed with the public key as if it were a secret',
      () =>
        new SignJWT({ sub: 'u1' })
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode(JSON.stringify(keys))),
    ],
    ['that is none', async () => 'x.y.z'],
  ])('is unauthorized: one %s', async (_, token) => {
    expect(await faultWith(accounts, await token())).toBe('unauthorized')
  })
})

describe('while the key server fails', () => {
  test.each([
    ['with 500', () => new Response('down', { status: 500 })],
    ['with a page', () => new Response('<html>')],
    ['with other JSON', () => Response.json({ hello: 'world' })],
  ])('%s, a good token is no bad one: the fault is ours, and may be over soon', async (_, failing) => {
    reply = failing
    const accounts = accountsAt(keyServer.url.href)
    const token = await tokenOf(ours.privateKey)
    expect(await faultWith(accounts, token)).toBe('internal')
    reply = () => Response.json(keys)
    expect(await faultWith(accounts, token)).toBe('it was let in')
  })

  test('by not being there', async () => {
    expect(await faultWith(accountsAt('http://127.0.0.1:1/keys'), await tokenOf(ours.privateKey))).toBe('internal')
  })
})
