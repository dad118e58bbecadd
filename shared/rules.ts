/** The tRPC error codes that Foyer's rules use (a subset of tRPC's own closed list). */
export type RuleCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNPROCESSABLE_CONTENT'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

interface RuleEntry {
  /** The tRPC code; a subscription that ends with a non-retryable one stays ended. */
  code: RuleCode
  /** The HTTP status of the same error on the REST routes (problem+json). */
  status: number
  /** True: the same request may succeed if it is sent again after a pause. */
  retryable: boolean
  /** For people. Programs look at the rule's name. */
  message: string
}

const rule = (code: RuleCode, status: number, message: string): RuleEntry => ({
  code,
  status,
  message,
  retryable: status === 429 || status >= 500,
})

/** The one error table: rule name -> tRPC code, HTTP status, retryable. tRPC, REST and the client all read it. */
export const RULES = {
  'bad-request': rule('BAD_REQUEST', 400, 'The request does not have the documented shape'),
  'too-deep': rule('BAD_REQUEST', 400, 'The JSON is nested too deeply'),
  'too-large': rule('PAYLOAD_TOO_LARGE', 413, 'The request body is too large'),
  'not-found': rule('NOT_FOUND', 404, 'There is nothing at this address'),
  'method-not-allowed': rule('METHOD_NOT_SUPPORTED', 405, 'This address does not take this method'),
  'idempotency-mismatch': rule('UNPROCESSABLE_CONTENT', 422, 'This Idempotency-Key was used for another request'),
  'rate-limited': rule('TOO_MANY_REQUESTS', 429, 'Too many requests; wait before the next'),
  unauthorized: rule('UNAUTHORIZED', 401, 'A valid token is needed'),
  forbidden: rule('FORBIDDEN', 403, 'This token may not do that'),
  'guests-off': rule('FORBIDDEN', 403, 'Guests are let in by the development start only'),

  'room-full': rule('CONFLICT', 409, 'The room is full'),
  'offer-gone': rule('CONFLICT', 409, 'This offer is missing, expired or replaced'),
  'wrong-key': rule('BAD_REQUEST', 400, 'The room key is wrong or was lost'),

  'name-taken': rule('CONFLICT', 409, 'A live session has this name'),
  'client-name-taken': rule('CONFLICT', 409, 'A client of this session has this name'),
  'session-full': rule('CONFLICT', 409, 'Every seat of the session is taken'),
  'session-gone': rule('NOT_FOUND', 404, 'There is no such session, or it has ended'),
  'seat-gone': rule('NOT_FOUND', 404, 'This client has no seat in the session, or lost it'),
  'wrong-secret': rule('FORBIDDEN', 403, 'The secret is wrong'),
  'wrong-password': rule('FORBIDDEN', 403, 'The password is wrong'),
  superseded: rule('CONFLICT', 409, 'A newer tab took over with the same secret'),
  declined: rule('CONFLICT', 409, 'The host declined'),
  'request-gone': rule('CONFLICT', 409, 'There is no offer to answer: it expired or was answered'),
  'stale-generation': rule('PRECONDITION_FAILED', 412, 'This ICE generation is over'),
  'too-many-signals': rule('TOO_MANY_REQUESTS', 429, 'Too many signals wait for this recipient'),

  'room-gone': rule('NOT_FOUND', 404, 'There is no such room, or it was deleted'),
  'not-occupant': rule('FORBIDDEN', 403, 'Only an occupant of the room may do that'),
  'not-owner': rule('FORBIDDEN', 403, 'Only the owner of the room may do that'),
  banned: rule('FORBIDDEN', 403, 'This user is banned from the room'),
  'no-such-occupant': rule('NOT_FOUND', 404, 'This user is not in the room'),
  'version-conflict': rule('PRECONDITION_FAILED', 412, 'The room or deck is at another version'),
  'test-failed': rule('CONFLICT', 409, 'Another value stands there'),
  'path-missing': rule('CONFLICT', 409, 'There is nothing at this path, or nothing that takes this operation'),
  'stale-index': rule('CONFLICT', 409, 'The list has changed since, so that the index means another element or none'),
  'duplicate-id': rule('CONFLICT', 409, 'The list has an element with this id'),
  'out-of-bounds': rule('CONFLICT', 409, 'The number would leave its bounds'),
  'limit-reached': rule('UNPROCESSABLE_CONTENT', 422, 'A limit of rooms would be passed'),
  'stale-command': rule('BAD_REQUEST', 400, 'The command id is too old, or of the future, by the time of the service'),
  'room-unsound': rule('SERVICE_UNAVAILABLE', 503, 'The log of this room does not fold; it takes no writes'),

  'no-request': rule('CONFLICT', 409, 'This user has not asked to be a friend, or not any more'),
  'friend-blocked': rule('CONFLICT', 409, 'You block this user'),
  'friend-refused': rule('FORBIDDEN', 403, 'This user takes no request from you'),

  'unknown-outcome': rule('SERVICE_UNAVAILABLE', 503, 'The outcome is unknown; repeat with the same Idempotency-Key'),
  'shutting-down': rule('SERVICE_UNAVAILABLE', 503, 'This server is shutting down; connect again'),
  internal: rule('INTERNAL_SERVER_ERROR', 500, 'Internal error'),

  'answer-mismatch': rule('UNPROCESSABLE_CONTENT', 422, 'The answer does not fit the card'),
  'card-invalid': rule('UNPROCESSABLE_CONTENT', 422, 'This is no valid card'),
  'row-unreadable': rule('UNPROCESSABLE_CONTENT', 422, 'The row cannot be read: its quotes or its size are wrong'),
  'too-many-rows': rule('UNPROCESSABLE_CONTENT', 422, 'The rows from here on are past the limit, and were left out'),
  'deck-full': rule('UNPROCESSABLE_CONTENT', 422, 'A deck holds no more cards'),
  'deck-unreadable': rule('UNPROCESSABLE_CONTENT', 422, 'This text or file is no deck'),

  'not-friend': rule('FORBIDDEN', 403, 'Only friends are invited, and only a room that holds a friend is joined'),
  'not-invited': rule('FORBIDDEN', 403, 'Nobody in the room has invited this user'),
  'cannot-leave': rule('CONFLICT', 409, 'This kind of room cannot be left; it ends with its quiz'),
  'wrong-kind': rule('CONFLICT', 409, 'This kind of room does not do that'),
  'conductor-running': rule('CONFLICT', 409, 'The room has a quizconductor'),
  'no-conductor': rule('CONFLICT', 409, 'The room has no quizconductor'),
  'stale-epoch': rule('PRECONDITION_FAILED', 412, 'Another quizconductor has taken over, or this one was ended'),
  'wrong-phase': rule('CONFLICT', 409, 'The quiz is in a phase that does not take this'),
  'question-over': rule('CONFLICT', 409, 'This is not the question that is asked now'),
  'not-playing': rule('FORBIDDEN', 403, 'This user looks on until the next round'),
  'no-results': rule('NOT_FOUND', 404, 'This round has asked nothing, or its results are not kept any more'),
  'link-gone': rule('NOT_FOUND', 404, 'There is no such link, or it was used, or it is too old'),
  'deck-unplayable': rule('UNPROCESSABLE_CONTENT', 422, 'There is no such deck for this user, or it has no cards'),
} as const satisfies Record<string, RuleEntry>

/** The name of a rule: what programs compare. */
export type Rule = keyof typeof RULES

/** Narrows any text (for instance `error.data.rule` off the wire) to a rule's name. */
export const isRule = (value: unknown): value is Rule => typeof value === 'string' && Object.hasOwn(RULES, value)

/** Details of a rule error that are safe to show to its caller. */
export interface RuleDetails {
  /** Milliseconds after which a repeat may succeed; becomes Retry-After. */
  retryAfterMs?: number
  /** What exactly was wrong with the input, by path. */
  issues?: Record<string, string[]>
  /** The number that a limit has, or the state that the caller lacks. */
  limit?: number
  /** Which limit (a key of LIMITS.room or a setting). */
  what?: string
  /** The room's version now. */
  version?: number
  /** JSON text of the room's events after the version that the caller had seen; absent where they are not kept any more. */
  changes?: string
  /** The operation of the command that failed, from 0. */
  operation?: number
  /** The time of the service, ms. */
  now?: number
}

/** The caller's mistake (or bad luck): 4xx or a retryable 503, never logged as ours. */
export class RuleError extends Error {
  override readonly name = 'RuleError'

  constructor(
    readonly rule: Rule,
    readonly details: RuleDetails = {},
  ) {
    super(RULES[rule].message)
  }
}
