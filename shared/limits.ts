const SECOND = 1_000
const MINUTE = 60 * SECOND
const KIB = 1_024

/** Hard limits: bounds of the wire format. They are the same on every installation, so clients may rely on them. */
export const LIMITS = {
  bodyBytes: 64 * KIB,
  jsonDepth: 64,
  batchCalls: 16,
  nameChars: 128,
  /** An SDP offer or answer; data-channel ones are under 1 KiB, 48 leaves room for escapes within the body limit. */
  sdpChars: 48 * KIB,
  candidateChars: 1_024,
  candidatesPerBatch: 64,
  metadataChars: 2 * KIB,
  passwordChars: 128,
  maxClients: 256,
  listPage: 50,
  /** Signals that may wait for one recipient; a connection needs about ten. */
  signalsPerBox: 1_024,
  idempotencyKeyChars: { min: 16, max: 128 },
} as const

/** Settings with their defaults; each is an environment variable of the server (see README "Settings"). All times in ms. */
export const DEFAULTS = {
  /** Seed 1: how often a host asks `keep`, and how long its offer lives without. */
  mailboxPollMs: 3 * SECOND,
  mailboxExpiryMs: 10 * SECOND,
  /** How long after expiry the host's key still revives a room that nobody took. */
  mailboxReviveMs: 2 * MINUTE,
  /** The longest `wait` of a keep; below the expiry, so that a waiting host never expires. */
  mailboxMaxWaitMs: 8 * SECOND,
  /** Seed 3: connection state (offer, answer, candidates, a seat that never connected). */
  connectionExpiryMs: 2 * MINUTE,
  /** A host silent for this long: the session is hidden, and its name may be taken. */
  sessionExpiryMs: 30 * SECOND,
  /** How long after that the host's secret still revives a session that nobody took. */
  sessionReviveMs: 10 * MINUTE,
  sessionMaxWaitMs: 20 * SECOND,
  sessionMaxClients: 16,
} as const
