const SECOND = 1_000
const MINUTE = 60 * SECOND
const KIB = 1_024

/** Hard limits: bounds of the wire format. They are the same on every installation, so clients may rely on them. */
export const LIMITS = {
  bodyBytes: 64 * KIB,
  jsonDepth: 64,
  batchCalls: 16,
  /** Calls of one WebSocket frame: tRPC's client sends all that waits in one, and after a reconnect all that is open. */
  frameCalls: 1_024,
  nameChars: 128,
  /** An SDP offer or answer; data-channel ones are under 1 KiB, 48 leaves room for escapes within the body limit. */
  sdpChars: 48 * KIB,
  candidateChars: 1_024,
  candidatesPerBatch: 64,
  metadataChars: 2 * KIB,
  passwordChars: 128,
  maxClients: 256,
  listPage: 50,
  /** Unread notifications are counted up to this. */
  unreadShown: 1_000,
  /** Signals that may wait for one recipient; a connection needs about ten. */
  signalsPerBox: 1_024,
  idempotencyKeyChars: { min: 16, max: 128 },
  /** Shared-data rooms (seed 2). Sizes are of the data's JSON text in UTF-8. */
  room: {
    bytes: 256 * KIB,
    depth: 32,
    keyChars: 256,
    /** Keys of one dictionary, elements of one list. */
    keys: 8_192,
    listLength: 16_384,
    /** Operations of one command, those inside of a JSON Patch included. */
    operations: 256,
    occupants: 1_000,
    banned: 1_000,
    metadataBytes: 4 * KIB,
    reasonChars: 256,
    /** Bytes of one user's presence. */
    presenceBytes: 2 * KIB,
    /** Rooms of one subscription. */
    feedRooms: 1_000,
  },
  /** Quiz rooms (seed 4). */
  quiz: {
    /** Occupants of a HostedPerpetual room, and of a group's. */
    occupants: 1_000,
    groupOccupants: 100,
    /** Invitations that wait for their users to join. */
    invited: 1_000,
    /** X of seed 4: displayable messages that a room's history keeps. */
    messages: 100,
    messageChars: 2_000,
    /** JSON text of what a message proposes, UTF-8. */
    proposalBytes: 4 * KIB,
    /** Cards that one round asks. */
    questions: 200,
    /** Answers that are accepted for one card after its reveal. */
    accepted: 50,
    /** The top of the scoreboard that everybody sees, and the most frequent answers of a question. */
    shown: 20,
    /** An evanescent room in which nothing happens for this long ends, so that its conductor's life is finite. */
    evanescentIdleMs: 30 * MINUTE,
    /** How often a server says who watches a room through it, and how long that counts. */
    audienceRenewMs: 4 * SECOND,
    audienceExpiryMs: 12 * SECOND,
  },
  /** Decks of cards (seed 4). Texts are counted as `length` counts them, in UTF-16 units. */
  deck: {
    /** Of the deck's JSON text in UTF-8. */
    bytes: 1_024 * KIB,
    cards: 1_000,
    titleChars: 128,
    descriptionChars: 4 * KIB,
    promptChars: 2_000,
    explanationChars: 2_000,
    /** The other side of a flash card. */
    backChars: 2_000,
    /** Options of a choice, things to put in order. */
    options: 12,
    optionChars: 300,
    accepted: 32,
    /** A typed answer, and a text that is accepted as one. */
    answerChars: 200,
    unitChars: 16,
    /** The largest number on a slider, and minus it the smallest. */
    sliderBound: 1_000_000_000_000,
    tags: 16,
    tagChars: 64,
    /** How long players may think. */
    limitMs: { min: SECOND, max: 10 * MINUTE },
    /** Above `bytes`, so that what was exported can be imported. */
    importChars: 2_048 * KIB,
    importRows: 5_000,
    importRowChars: 32 * KIB,
    importCells: 64,
    /** An Anki package, which is a zip. */
    package: {
      bytes: 20 * KIB * KIB,
      /** Names in its directory: media, as a rule. */
      entries: 20_000,
      /** Of its collection, unpacked; and how many times its packed size that may be, if it is over `smallBytes`. */
      collectionBytes: 64 * KIB * KIB,
      ratio: 100,
      smallBytes: 2 * KIB * KIB,
    },
  },
  /** Edits that a room remembers for operations by index on an older version. */
  rebaseEdits: 64,
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
  /** Seed 2: how many occupants a room takes if its creator does not say. */
  roomCapacity: 100,
  /** How long a room's events and its commands' ids are kept. */
  roomRetentionMs: 24 * 60 * MINUTE,
  /** A room without any event for this long is closed by the worker. */
  roomIdleMs: 180 * 24 * 60 * MINUTE,
  /** Presence that is not renewed is gone after this; clients renew it each third. */
  presenceExpiryMs: 9 * SECOND,
  /** Leases of quizconductors: how long one lives without a renewal, and how often it is renewed. */
  leaseMs: 15 * SECOND,
  leaseRenewMs: 5 * SECOND,
  /** The longest that one operation on leases may take. */
  leaseOpMs: 2_500,
  /** How much longer than the lease others wait before they take it over, and how often they look for such. */
  leaseGraceMs: 2 * SECOND,
  leaseScanMs: 2 * SECOND,
  /** Without anybody in the room a perpetual conductor sleeps after this. */
  dormantMs: 5 * MINUTE,
  /** An evanescent conductor that no worker has taken for this long never comes. */
  neverStartedMs: MINUTE,
  /** A perpetual quiz room without any event or subscriber for this long is closed by the worker. */
  quizIdleMs: 365 * 24 * 60 * MINUTE,
} as const
