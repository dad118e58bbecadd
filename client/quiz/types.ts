import type { z } from 'zod'
import type { Answer } from '../../shared/deck/answers.ts'
import type { Json } from '../../shared/json.ts'
import type { Control } from '../../shared/quiz/controls.ts'
import type { payloadSchema } from '../../shared/quiz/settings.ts'
import type { EndReason } from '../../shared/quiz/state.ts'
import type { QuizView } from '../../shared/quiz/view.ts'
import type { FoyerError } from '../errors.ts'

/** What a quizconductor is made from: `deck`, and whatever is not to be as usual. */
export type QuizPayloadInput = z.input<typeof payloadSchema>

/** `online`: what others do comes at once (or with the next poll, where streams are blocked). `offline`: commands wait. */
export type QuizStateName = 'online' | 'offline' | 'ended'

/** How many have answered the open question, of how many who are asked. */
export interface QuizCounts {
  round: number
  question: number
  answered: number
  of: number
}

/**
 * Where a client is to go. To a room: the evanescent one that this room (`from`) has spawned, or after this one's end the one to which
 * its occupants return (`from` null). To the deck (its id) that a solo room served.
 */
export type QuizMove = { to: 'room'; room: string; from: string | null } | { to: 'deck'; deck: string | null }

/**
 * Why a room is over for this client. `ended`: for everybody, by `reason`; `out`: this user is no occupant any more (kicked, or left
 * in another tab); `lost`: the server refuses this client, see `error`.
 */
export interface QuizEnd {
  why: 'ended' | 'out' | 'left' | 'closed' | 'lost'
  reason?: EndReason | undefined
  error?: FoyerError | undefined
}

/** What became of an answer. `counted` false: there was one already, and that one counts. `late`: it gets no points. */
export interface QuizAnswered {
  counted: boolean
  late: boolean
}

/** The room at one moment; the same object until something changes. */
export interface QuizSnapshot {
  /** The room as this user sees it: never changed, but replaced. */
  readonly view: QuizView
  /** Newer than those of `view.game.asked`; null: no question was asked. */
  readonly counts: QuizCounts | null
  readonly state: QuizStateName
  /** Where to go now; null: stay. */
  readonly move: QuizMove | null
  /** null: it is not over. */
  readonly end: QuizEnd | null
}

export interface QuizEvents {
  move: QuizMove
  state: { state: QuizStateName }
  ended: QuizEnd
}

/**
 * Each is done once, under an id of its own, however often it must be sent: while the server is away it waits. In the order in which
 * they were asked for, but for answers, which wait for nothing before them. Errors: those named; once the room is over: `aborted` if
 * it was sent, since it may have been done, else why it is over (`room-gone`, `not-occupant`, `aborted`).
 */
export interface QuizCommands {
  /** Takes a seat. Errors: `not-friend`, `not-invited`, `room-full`. */
  join(): Promise<void>
  /** Leaves, and ends this handle unless its user owns the room. Error: `cannot-leave`. */
  leave(): Promise<void>
  /** Errors: `not-occupant`, `not-friend`, `room-full`, `limit-reached`. */
  invite(user: string): Promise<void>
  /** `proposal`: what kind of quiz the sender would like, any JSON. Errors: `not-occupant`, `limit-reached`. */
  message(text: string, options?: { proposal?: Json | undefined }): Promise<void>
  /** From zero quizconductors to one. Errors: `wrong-kind`, `not-occupant`, `conductor-running`, `deck-unplayable`, `bad-request`. */
  start(payload: QuizPayloadInput): Promise<void>
  /** From one to zero. Errors: `wrong-kind`, `not-occupant`, `no-conductor`. */
  terminate(): Promise<void>
  /**
   * Makes an evanescent room with the occupants of now, and gives its id; `move` tells all of them. Errors: `wrong-kind`,
   * `not-occupant`, `deck-unplayable`, `bad-request`.
   */
  spawn(payload: QuizPayloadInput): Promise<string>
  /** Errors: `forbidden`, `not-occupant`, `no-conductor`, `wrong-phase`. */
  control(control: Control): Promise<void>
  /**
   * Answers the newest question, or the one that is named, in the positions that this user sees. A second answer to it hears what
   * became of the first. Errors: `question-over`, `wrong-phase`, `not-playing`, `answer-mismatch`, `not-occupant`, `no-conductor`.
   */
  answer(value: Answer, to?: { round: number; question: number }): Promise<QuizAnswered>
}

/** An open quiz room (seed 4). */
export interface Quiz extends QuizSnapshot, QuizCommands {
  /** The room's UUID. */
  readonly id: string
  /** As whom it is open: the token's user, or whom a service acts for. */
  readonly user: string
  /** All of the above at one moment. */
  readonly snapshot: QuizSnapshot

  /** The service's time as far as it is known, ms: what the view's times are measured by. */
  now(): number
  /** ms until the phase passes by itself, for a countdown; null: there is no quiz, or it waits for a host. */
  remainingMs(): number | null

  /** Listens; returns what stops it. */
  on<K extends keyof QuizEvents>(event: K, listener: (value: QuizEvents[K]) => void): () => void
  /** Calls back when `snapshot` is another; returns what stops it. For frameworks: React's useSyncExternalStore takes it as it is. */
  subscribe(listener: () => void): () => void
  /** Ends this handle; the seat stays. */
  close(): void
}
