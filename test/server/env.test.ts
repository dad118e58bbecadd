import { describe, expect, test } from 'bun:test'
import { parseEnv } from '../../server/env.ts'
import { DEFAULTS } from '../../shared/limits.ts'

describe('the environment', () => {
  test('may be empty: every setting has a default', () => {
    const env = parseEnv({})
    expect(env).toMatchObject({ MODE: 'production', PORT: 3_000, WORKER_PORT: 3_001, LOG_LEVEL: 'info', DEMO: 'off' })
    expect(env).toMatchObject({ CORS_ORIGINS: [], TRUSTED_PROXIES: [], STUN_URLS: [], TURN_URLS: [] })
    expect(env).toMatchObject({
      MAILBOX_POLL_MS: DEFAULTS.mailboxPollMs,
      MAILBOX_EXPIRY_MS: DEFAULTS.mailboxExpiryMs,
      SESSION_MAX_CLIENTS: DEFAULTS.sessionMaxClients,
    })
    expect(env.JWT_SECRET).toBeUndefined()
  })

  test('counts an empty variable as absent, and does not mind others', () => {
    expect(parseEnv({ PORT: '', JWT_SECRET: '', PATH: '/bin' }).PORT).toBe(3_000)
  })

  test('takes lists by comma or space', () => {
    const env = parseEnv({
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      TRUSTED_PROXIES: '10.0.0.0/8 ::1',
    })
    expect(env.CORS_ORIGINS).toEqual(['https://a.example', 'http://localhost:5173'])
    expect(env.TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '::1'])
  })

  test('lets any origin in at development, unless it names some; none at production', () => {
    expect(parseEnv({ MODE: 'development' }).CORS_ORIGINS).toEqual(['*'])
    expect(parseEnv({ MODE: 'development', CORS_ORIGINS: 'https://a.example' }).CORS_ORIGINS).toEqual([
      'https://a.example',
    ])
    expect(parseEnv({}).CORS_ORIGINS).toEqual([])
  })
})

describe('a wrong value is refused by its variable`s name', () => {
  test.each([
    ['MODE', 'test'],
    ['MONGODB_URL', 'localhost:27017'],
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['WORKER_PORT', 'x'],
    ['LOG_LEVEL', 'loud'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['CORS_ORIGINS', 'a.example'],
    ['TRUSTED_PROXIES', 'proxy.local'],
    ['TRUSTED_PROXIES', '10.0.0.0/'],
    ['RATE_PER_ADDRESS', '-1'],
    ['RATE_BURST_PER_SECRET', 'many'],
    ['JWT_SECRET', 'short'],
    ['JWKS_URL', 'keys.json'],
    ['JWKS_URL', 'file:///keys.json'],
    ['STUN_URLS', 'stun.example.org'],
    ['TURN_URLS', 'https://turn.example.org'],
    ['TURN_SECRET', 'short'],
    ['TURN_TTL_MS', '500'],
    ['MAILBOX_POLL_MS', '0'],
    ['MAILBOX_EXPIRY_MS', 'ten'],
    ['MAILBOX_MAX_WAIT_MS', '10000'],
    ['SESSION_MAX_WAIT_MS', '30000'],
    ['SESSION_MAX_CLIENTS', '257'],
    ['DRAIN_MS', '0'],
    ['DEMO', 'yes'],
  ])('%s=%s', (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(`Environment variable ${name}`)
  })

  test('TURN_URLS without TURN_SECRET', () => {
    expect(() => parseEnv({ TURN_URLS: 'turn:turn.example.org' })).toThrow('Environment variable TURN_SECRET')
  })

  test('a wait for longer than Bun keeps a connection', () => {
    const env = { MAILBOX_EXPIRY_MS: '600000', MAILBOX_MAX_WAIT_MS: '300000' }
    expect(() => parseEnv(env)).toThrow('Environment variable MAILBOX_MAX_WAIT_MS')
  })

  test('all wrong ones at once, one a line, and none of the values, which may be secrets', () => {
    const wrong = () => parseEnv({ JWT_SECRET: 'hunter2', PORT: 'hunter2', MONGODB_URL: 'postgres://u:hunter2@h' })
    expect(wrong).toThrow(
      /^Environment variable MONGODB_URL: .*\nEnvironment variable PORT: .*\nEnvironment variable JWT_SECRET: .*$/,
    )
    expect(wrong).not.toThrow(/hunter2/)
  })
})
