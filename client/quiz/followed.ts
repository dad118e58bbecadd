import { type FoyerError, toFoyerError } from '../errors.ts'
import { OPEN_MS } from '../session.ts'
import type { QuizServer } from './calls.ts'
import { openWithin, type OpenQuizOptions } from './open.ts'
import type { Quiz, QuizMove, QuizSnapshot } from './types.ts'

/** The first room is asked for, or a seat in it. */
export interface OpeningQuiz {
  status: 'opening'
  room: string
  quiz: null
}

/** The room is there. It stays `open` while the server is away (`state` is `offline` then), and while a room to move to is opened. */
export interface OpenedQuiz extends QuizSnapshot {
  status: 'open'
  /** The current room. */
  room: string
  /** What commands: `quiz.answer(…)`. */
  quiz: Quiz
}

/** The current room is over; if `move` leads to another room, that one is being opened. */
export interface EndedQuiz extends QuizSnapshot {
  status: 'ended'
  room: string
  quiz: Quiz
}

/** The room could not be opened. */
export interface FailedQuiz {
  status: 'failed'
  room: string
  quiz: null
  /** One of `openQuiz`'s errors. */
  error: FoyerError
}

/** The same object until something of it changes. */
export type QuizStatus = OpeningQuiz | OpenedQuiz | EndedQuiz | FailedQuiz

export type FollowQuizOptions = Omit<OpenQuizOptions, 'signal'>

/** One current room at a time. */
export interface FollowedQuiz {
  readonly status: QuizStatus
  /** Calls back when `status` is another; returns what stops it. */
  subscribe(listener: () => void): () => void
  /** Opens the room again that is over or could not be opened: who was kicked may come back. */
  reopen(): void
  close(): void
}

type Place = Pick<OpenQuizOptions, 'room' | 'from'>

/**
 * Opens a quiz room and goes where it goes (seed 4): to the evanescent room that it spawns, and after that one's end to the room
 * returned to. The old one stays the current one until the new one is there.
 */
export function followQuiz(client: QuizServer, options: FollowQuizOptions): FollowedQuiz {
  const listeners = new Set<() => void>()
  let status: QuizStatus = { status: 'opening', room: options.room, quiz: null }
  let current: { quiz: Quiz; forget: () => void } | null = null
  let going: AbortController | null = null
  let followed: QuizMove | null = null
  let isClosed = false

  const show = (next: QuizStatus): void => {
    status = next
    for (const listener of [...listeners]) listener()
  }

  const leave = (): void => {
    current?.forget()
    current?.quiz.close()
    current = null
  }

  const go = (place: Place, deadlineMs?: number): void => {
    going?.abort()
    const { signal } = (going = new AbortController())
    openWithin(client, { ...options, ...place, signal }, deadlineMs).then(
      (quiz) => (signal.aborted ? quiz.close() : enter(quiz)),
      (thrown: unknown) => {
        if (!signal.aborted) fail(place.room, toFoyerError(thrown))
      },
    )
  }

  const enter = (quiz: Quiz): void => {
    going = followed = null
    leave()
    current = { quiz, forget: quiz.subscribe(() => look(quiz)) }
    look(quiz)
  }

  /** Who cannot go stays, where there is something to stay in. */
  const fail = (room: string, error: FoyerError): void => {
    going = null
    if (status.status === 'open') return
    leave()
    show({ status: 'failed', room, quiz: null, error })
  }

  const look = (quiz: Quiz): void => {
    const { snapshot } = quiz
    show({ ...snapshot, status: snapshot.end === null ? 'open' : 'ended', room: quiz.id, quiz })
    if (current?.quiz === quiz) follow(snapshot.move)
  }

  const stay = (): void => {
    going?.abort()
    going = null
  }

  const follow = (move: QuizMove | null): void => {
    if (move === followed) return
    followed = move
    if (move === null) stay()
    else if (move.to === 'room') go({ room: move.room, from: move.from ?? undefined })
  }

  const first = { room: options.room, from: options.from }
  go(first, OPEN_MS)

  return {
    get status() {
      return status
    },
    subscribe: (listener) => {
      // The same function twice is two subscriptions.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    reopen: () => {
      if (isClosed || going !== null || status.status === 'open') return
      const { room } = status
      leave()
      show({ status: 'opening', room, quiz: null })
      go({ room, from: room === first.room ? first.from : undefined }, OPEN_MS)
    },
    close: () => {
      isClosed = true
      stay()
      leave()
    },
  }
}
