import { z } from 'zod'
import { jsonDepth } from '../json.ts'
import { idSchema, nameSchema, sdpSchema, waitSchema } from '../ids.ts'
import { LIMITS } from '../limits.ts'

/** What an integrator wants shown in the list (map, mode, version): a small JSON object, never interpreted. */
export const metadataSchema = z.record(z.string().max(LIMITS.nameChars), z.json()).refine((value) => {
  const text = JSON.stringify(value)
  return text.length <= LIMITS.metadataChars && text.isWellFormed() && jsonDepth(text) <= 8
}, `is over ${LIMITS.metadataChars} characters, too deep or has broken unicode`)

const passwordSchema = z.string().min(1).max(LIMITS.passwordChars)

/** RTCIceCandidateInit (W3C WebRTC 1.0 §4.8.1), relayed as it is. */
export const candidateSchema = z.object({
  candidate: z.string().max(LIMITS.candidateChars),
  sdpMid: z.string().max(64).nullish(),
  sdpMLineIndex: z.number().int().min(0).max(65_535).nullish(),
  usernameFragment: z.string().max(256).nullish(),
})
export type Candidate = z.infer<typeof candidateSchema>

/** Counts the offers of one connection: 1 is the join, each ICE restart or rejoin adds one. */
export const generationSchema = z.number().int().min(1).max(1_000_000)

/** Where a reader of signals stands; opaque, from an earlier reply. Absent: from the beginning. */
export const cursorSchema = z.string().min(1).max(64).optional()

/** The client's name; the host names whom it means, a client may leave it out (its secret says who it is). */
const clientSchema = nameSchema.optional()

export const hostInput = z.object({
  /** Unique among live sessions; made by the service when left out. */
  name: nameSchema.optional(),
  hostName: nameSchema,
  /** Public sessions are in `session.list`; private ones are joined by who knows the name. */
  visibility: z.enum(['public', 'private']).default('private'),
  metadata: metadataSchema.default({}),
  maxClients: z.number().int().min(1).max(LIMITS.maxClients).optional(),
  password: passwordSchema.optional(),
})
export const hostOutput = z.object({
  name: z.string(),
  /** Bearer token of the host: keep it over a reload, and `session.host` with it takes over. */
  secret: z.string(),
  /** True: this is a session that the secret's holder had already. */
  resumed: z.boolean(),
  maxClients: z.number(),
  /** Silence in ms after which the session is hidden from list and join. */
  expiresInMs: z.number(),
})

export const listInput = z.object({
  /** Part of the session's or the host's name, case-insensitive. */
  search: nameSchema.optional(),
  /** Top-level metadata values that must be equal. */
  metadata: z
    .record(z.string().max(LIMITS.nameChars), z.union([z.string().max(LIMITS.nameChars), z.number(), z.boolean()]))
    .optional(),
  /** Only sessions with a free seat. */
  free: z.boolean().default(false),
  limit: z.number().int().min(1).max(LIMITS.listPage).default(20),
  cursor: z.string().max(128).optional(),
})
export const listOutput = z.object({
  sessions: z.array(
    z.object({
      name: z.string(),
      hostName: z.string(),
      metadata: metadataSchema,
      clients: z.number(),
      maxClients: z.number(),
      hasPassword: z.boolean(),
      createdAt: z.date(),
    }),
  ),
  nextCursor: z.string().nullable(),
})

export const joinInput = z.object({
  /** The session's name. */
  name: nameSchema,
  clientName: nameSchema,
  offer: sdpSchema,
  password: passwordSchema.optional(),
})
export const joinOutput = z.object({
  /** Bearer token of the client: keep it over a reload, and `session.join` with it takes the seat again. */
  secret: z.string(),
  generation: z.number(),
  /** Which side yields in a glare (perfect negotiation): always the client, never the host. */
  polite: z.boolean(),
  hostName: z.string(),
})

/** A poll: messages after `cursor`; with `wait` (ms) held until there are some. */
export const pollInput = z.object({ cursor: cursorSchema, wait: waitSchema.default(0) })
/** The host names the client whose signals it wants. */
export const candidatesInput = pollInput.extend({ client: clientSchema })

export const answerInput = z.object({ client: clientSchema, generation: generationSchema, answer: sdpSchema })
export const declineInput = z.object({ client: nameSchema, reason: nameSchema.optional() })
export const dropInput = z.object({ client: nameSchema, reason: nameSchema.optional() })
/** `generation`: which connection was made; absent: the newest that was answered. What belongs to later ones is kept. */
export const connectedInput = z.object({ client: clientSchema, generation: generationSchema.optional() })
/** An ICE restart (or any renegotiation): claims the next generation. Who comes second hears `stale-generation` and answers instead. */
export const restartInput = z.object({ client: clientSchema, generation: generationSchema, offer: sdpSchema })
export const sendCandidatesInput = z.object({
  client: clientSchema,
  generation: generationSchema,
  candidates: z.array(candidateSchema).max(LIMITS.candidatesPerBatch),
  /** No more candidates of this generation (RFC 8838 end-of-candidates). */
  end: z.boolean().default(false),
})
export const eventsInput = z.object({ lastEventId: z.string().max(64).nullish() }).default({})

/** One signal in a recipient's box. `client` is whose connection it belongs to. Both polls and `session.events` deliver these. */
export const signalSchema = z.discriminatedUnion('kind', [
  /** To the host: somebody joins (restart: false) or renegotiates. To a client: the host renegotiates. */
  z.object({
    kind: z.literal('offer'),
    client: z.string(),
    generation: z.number(),
    offer: z.string(),
    restart: z.boolean(),
  }),
  z.object({ kind: z.literal('answer'), client: z.string(), generation: z.number(), answer: z.string() }),
  z.object({
    kind: z.literal('candidates'),
    client: z.string(),
    generation: z.number(),
    candidates: z.array(candidateSchema),
    end: z.boolean(),
  }),
  /** The other side reported the connection as made: its signals are dropped, stop polling. */
  z.object({ kind: z.literal('connected'), client: z.string() }),
  /** To a client: the host does not want it. */
  z.object({ kind: z.literal('declined'), client: z.string(), reason: z.string().nullable() }),
  /** To the host: the client gave up its seat. */
  z.object({ kind: z.literal('left'), client: z.string() }),
  /** To a client: the host took its seat away. */
  z.object({ kind: z.literal('dropped'), client: z.string(), reason: z.string().nullable() }),
  /** To all clients: the session is over. */
  z.object({ kind: z.literal('closed'), client: z.string() }),
])
export type Signal = z.infer<typeof signalSchema>

/** `session.requests`: the join queue (offers to the host), oldest first. Reading does not remove them. */
export const requestsOutput = z.object({
  requests: z.array(z.object({ client: z.string(), generation: z.number(), offer: z.string(), restart: z.boolean() })),
  cursor: z.string().optional(),
})
/** `session.candidates`: everything about one connection after the cursor, in order: descriptions, candidates, its end. */
export const candidatesOutput = z.object({ signals: z.array(signalSchema), cursor: z.string().optional() })

export const iceOutput = z.object({
  /** RTCIceServer[] for `new RTCPeerConnection({ iceServers })`. */
  iceServers: z.array(
    z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
  ),
  /** When the TURN credentials end; null without TURN. Ask again at `refreshInMs`, before they do. */
  expiresAt: z.date().nullable(),
  refreshInMs: z.number().nullable(),
})

/** Bearer token = id of the document . secret . epoch of the tab. Epochs grow with each take-over; an older one is superseded. */
export const tokenPattern = /^([\w-]{22})\.([\w-]{22})\.(\d{1,9})$/
export { idSchema }
