import { describe, expect, test } from 'bun:test'
import { createTRPCClient, httpLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from '../../server/app.ts'
import { turnCredentials } from '../../server/ice.ts'
import { useDatabase } from '../kit/mongo.ts'
import { startServer } from '../kit/server.ts'

const { url } = useDatabase(import.meta.path)
const askAt = async (env: Record<string, string>) => {
  await using server = await startServer({ url, env })
  const client = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${server.url}/trpc`, transformer: superjson })],
  })
  return await client.ice.servers.query()
}

// Known answers: printf '%s' USERNAME | openssl dgst -sha1 -hmac SECRET -binary | base64
const VECTORS: [string, string, string][] = [
  ['north-secret', '1700000000:foyer', 'cZ3baLD5/O2KA4ofz02GDCR95jU='],
  ['f47ac10b-58cc-4372-a567-0e02b2c3d479', '1893456000:alice', 'zuCyDjpPhKaCjS5USqZhba90AOM='],
  ['long secret with spaces and ünïcode', '2000000000:bob', 'VASDbepUxQH/aeXMzKqbV8um5CM='],
]

describe('coturn`s REST credentials', () => {
  test.each(VECTORS)('of %s for %s', (secret, username, credential) => {
    const [seconds = '', user = ''] = username.split(':')
    const expiresAt = new Date(Number(seconds) * 1_000 + 999)
    expect(turnCredentials(secret, { user, expiresAt })).toEqual({ username, credential })
  })
})

describe('ice.servers', () => {
  test('is an empty list where nothing is configured', async () => {
    expect(await askAt({})).toEqual({ iceServers: [], expiresAt: null, refreshInMs: null })
  })

  test('has STUN servers without credentials, which never end', async () => {
    const servers = await askAt({ STUN_URLS: 'stun:a.example:3478, stun:b.example' })
    expect(servers.iceServers).toEqual([{ urls: ['stun:a.example:3478', 'stun:b.example'] }])
    expect(servers.refreshInMs).toBeNull()
  })

  test('has TURN credentials that live for the setting, to be asked again at half of it', async () => {
    const ttl = 120_000
    const before = Date.now()
    const { iceServers, expiresAt, refreshInMs } = await askAt({
      STUN_URLS: 'stun:a.example',
      TURN_URLS: 'turn:t.example?transport=udp turns:t.example:5349',
      TURN_SECRET: 'north-secret',
      TURN_TTL_MS: String(ttl),
    })
    const [, turn] = iceServers
    expect(turn?.urls).toEqual(['turn:t.example?transport=udp', 'turns:t.example:5349'])
    expect(turn?.username).toMatch(/^\d{10}:/)
    const [seconds = '', user = ''] = turn?.username?.split(':') ?? []
    const ends = new Date(Number(seconds) * 1_000)
    expect(turn).toMatchObject(turnCredentials('north-secret', { user, expiresAt: ends }))
    // A margin for two clocks and for the whole seconds of coturn's.
    expect(ends.getTime()).toBeWithin(before + ttl - 3_000, Date.now() + ttl + 3_000)
    expect(refreshInMs).toBe(ttl / 2)
    expect(expiresAt?.getTime()).toBeWithin(ends.getTime(), ends.getTime() + 1_000)
  })
})
