import { z } from 'zod'
import { DEFAULTS, LIMITS } from '../shared/limits.ts'
import { trustedProxies } from './address.ts'

/** Bun closes what is silent for 255 s, however it is set; half a minute is for the way there and back. */
const LONGEST_WAIT_MS = 225_000

const ms = (fallback: number, least = 1) =>
  z.coerce
    .number()
    .int()
    .min(least)
    .max(366 * 86_400_000)
    .default(fallback)
const count = (fallback: number) => z.coerce.number().int().min(0).max(1_000_000_000).default(fallback)
const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((part) => part.length > 0))
/** A list whose members all match. */
const listOf = (pattern: RegExp, what: string) =>
  list.refine((parts) => parts.every((part) => pattern.test(part)), what)
const flag = z.enum(['on', 'off'])

/** Every environment variable of the server and the worker: name, meaning, default. README "Settings" is this table. */
export const envSchema = z.object({
  /** `development` lets guests in and serves the demo site; `production` needs JWT_SECRET or JWKS_URL for accounts. */
  MODE: z.enum(['development', 'production']).default('production'),
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .default('mongodb://localhost:27017/foyer?replicaSet=rs0'),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3_001),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Origins that browsers may call from; `*` for any. The server's own origin always may. */
  CORS_ORIGINS: listOf(
    /^(\*|[a-z][a-z\d+.-]*:\/\/[^\s/]+)$/,
    'must be origins such as https://example.org, without a path',
  ),
  /** Addresses or CIDR ranges of reverse proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: list,
  /** Requests a second from one client address (IPv6: its /64), and how many at once; 0 switches the limit off. */
  RATE_PER_ADDRESS: count(100),
  RATE_BURST_PER_ADDRESS: count(400),
  /** The same for one secret (room key, host or client token, JWT). */
  RATE_PER_SECRET: count(50),
  RATE_BURST_PER_SECRET: count(200),
  /** Commands a second of one user (seed 2), and of all users in one room; 0 switches the limit off. */
  RATE_PER_USER: count(50),
  RATE_BURST_PER_USER: count(200),
  RATE_PER_ROOM: count(1_000),
  RATE_BURST_PER_ROOM: count(2_000),
  /** HS256 secret of the integrator's tokens. */
  JWT_SECRET: z.string().min(32, 'must have 32 characters or more').optional(),
  /** URL of the integrator's public keys; used instead of JWT_SECRET. */
  JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  STUN_URLS: listOf(/^stuns?:\S+$/, 'must begin with stun: or stuns:'),
  TURN_URLS: listOf(/^turns?:\S+$/, 'must begin with turn: or turns:'),
  /** coturn's `static-auth-secret`. */
  TURN_SECRET: z.string().min(8, 'must have 8 characters or more').optional(),
  TURN_TTL_MS: ms(2 * 3_600_000, 60_000),
  MAILBOX_POLL_MS: ms(DEFAULTS.mailboxPollMs),
  MAILBOX_EXPIRY_MS: ms(DEFAULTS.mailboxExpiryMs),
  MAILBOX_REVIVE_MS: ms(DEFAULTS.mailboxReviveMs),
  MAILBOX_MAX_WAIT_MS: ms(DEFAULTS.mailboxMaxWaitMs),
  CONNECTION_EXPIRY_MS: ms(DEFAULTS.connectionExpiryMs),
  SESSION_EXPIRY_MS: ms(DEFAULTS.sessionExpiryMs),
  SESSION_REVIVE_MS: ms(DEFAULTS.sessionReviveMs),
  SESSION_MAX_WAIT_MS: ms(DEFAULTS.sessionMaxWaitMs),
  SESSION_MAX_CLIENTS: z.coerce.number().int().min(1).max(256).default(DEFAULTS.sessionMaxClients),
  ROOM_CAPACITY: z.coerce.number().int().min(1).max(LIMITS.room.occupants).default(DEFAULTS.roomCapacity),
  /** How long a room's events and command ids are kept; a stream resumes within it, a repeat is recognised within it. */
  ROOM_RETENTION_MS: ms(DEFAULTS.roomRetentionMs, 2 * 3_600_000),
  /** The worker closes a room that had no event for this long. */
  ROOM_IDLE_MS: ms(DEFAULTS.roomIdleMs),
  PRESENCE_EXPIRY_MS: ms(DEFAULTS.presenceExpiryMs),
  /** How long a conductor's lease lives without a renewal, and how often it is renewed: a third of it. The same in all processes. */
  LEASE_MS: ms(DEFAULTS.leaseMs, 300),
  LEASE_RENEW_MS: ms(DEFAULTS.leaseRenewMs),
  /** The longest that one operation on leases may take. */
  LEASE_OP_MS: ms(DEFAULTS.leaseOpMs),
  /** How much longer than the lease others wait before they take it over. */
  LEASE_GRACE_MS: ms(DEFAULTS.leaseGraceMs),
  /** How often a worker looks for leases that it was not told of. */
  LEASE_SCAN_MS: ms(DEFAULTS.leaseScanMs),
  /** A perpetual conductor sleeps when nobody was in its room for this long. */
  DORMANT_MS: ms(DEFAULTS.dormantMs),
  /** An evanescent room whose conductor nobody has taken for this long is over. */
  NEVER_STARTED_MS: ms(DEFAULTS.neverStartedMs),
  /** A perpetual room without any event or subscriber for this long is closed. */
  QUIZ_IDLE_MS: ms(DEFAULTS.quizIdleMs),
  /** How many processes of quizconductors a worker runs; 0: it only sweeps. */
  WORKER_CHILDREN: z.coerce.number().int().min(0).max(256).default(2),
  /** How long SIGTERM waits for requests in flight before the process ends. */
  DRAIN_MS: ms(8_000),
  /** How often the worker sweeps. */
  SWEEP_MS: ms(15_000),
  /** `on`: also serve the demo site in production. */
  DEMO: flag.default('off'),
})
export type Env = z.infer<typeof envSchema>

/** Parses the environment once. Throws one readable error that names each wrong variable. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = envSchema.safeParse(set)
  if (parsed.success) return checked(parsed.data)
  throw new Error(
    parsed.error.issues.map(({ path, message }) => `Environment variable ${path.join('.')}: ${message}`).join('\n'),
  )
}

function checked(env: Env): Env {
  if (env.TURN_URLS.length > 0 && env.TURN_SECRET === undefined)
    throw new Error('Environment variable TURN_SECRET: is needed with TURN_URLS')
  trustedProxies(env.TRUSTED_PROXIES)
  for (const name of ['MAILBOX_MAX_WAIT_MS', 'SESSION_MAX_WAIT_MS'] as const)
    if (env[name] > LONGEST_WAIT_MS)
      throw new Error(`Environment variable ${name}: must be ${LONGEST_WAIT_MS} or less, or Bun cuts the connection`)
  if (env.MAILBOX_MAX_WAIT_MS >= env.MAILBOX_EXPIRY_MS)
    throw new Error(
      'Environment variable MAILBOX_MAX_WAIT_MS: must be below MAILBOX_EXPIRY_MS, or waiting hosts expire',
    )
  if (env.SESSION_MAX_WAIT_MS >= env.SESSION_EXPIRY_MS)
    throw new Error(
      'Environment variable SESSION_MAX_WAIT_MS: must be below SESSION_EXPIRY_MS, or waiting hosts expire',
    )
  if (env.LEASE_RENEW_MS + env.LEASE_OP_MS > (2 / 3) * env.LEASE_MS)
    throw new Error(
      'Environment variable LEASE_MS: two thirds of it must hold LEASE_RENEW_MS and LEASE_OP_MS, or leases lapse in use',
    )
  // A frontend's own development server runs on another port.
  if (env.MODE === 'development' && env.CORS_ORIGINS.length === 0) return { ...env, CORS_ORIGINS: ['*'] }
  return env
}
