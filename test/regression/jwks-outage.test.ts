import { expect, test } from 'bun:test'
import { generateKeyPair, SignJWT } from 'jose'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)

// Every user was told `unauthorized`, which is final, was counted as a guesser, and nothing was logged.
test('an outage of the integrator`s key server is our 500, logged with its cause, and not the users` fault', async () => {
  await using server = await startServer({ url, env: { JWKS_URL: 'http://127.0.0.1:1/keys' } })
  const { privateKey } = await generateKeyPair('ES256')
  const token = await new SignJWT({ sub: 'u1' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
  const response = await fetch(`${server.url}/trpc/account.me`, { headers: { authorization: `Bearer ${token}` } })
  expect((await response.json()).error.json.data).toMatchObject({ rule: 'internal', retryable: true })
  expect(server.logs.filter((line) => line.includes('account.me'))).toHaveLength(1)
  expect(server.logs.join()).not.toContain(token)
})
