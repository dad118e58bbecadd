import type { QuizSeen } from '../../shared/quiz/wire.ts'
import { FoyerError, toFoyerError } from '../errors.ts'
import { retry, type RetryOptions } from '../retry.ts'
import { underNewId } from '../room/command-id.ts'
import { type QuizCalls, quizCalls, type QuizServer } from './calls.ts'
import { type QuizClock, quizClock } from './clock.ts'
import { createCore } from './core.ts'
import { handleOf } from './handle.ts'
import type { Quiz } from './types.ts'

export interface OpenQuizOptions {
  /** The room's UUID. */
  room: string
  /** The room that it was spawned from, if that is how this client came to it: who arrives before the room was made makes it. */
  from?: string | undefined
  /** For whom a service opens it. A user's token needs none. */
  as?: string | undefined
  /** Takes a seat if this user has none; default true. Without one only the owner of a deck's room may look on. */
  join?: boolean | undefined
  /** Ends the opening with `aborted`. Later `close()` does. */
  signal?: AbortSignal | undefined
}

interface Seating {
  user: string
  calls: QuizCalls
  clock: QuizClock
  join: boolean
}

/** Opens a room within a time, or however long it takes. */
export async function openWithin(server: QuizServer, options: OpenQuizOptions, deadlineMs?: number): Promise<Quiz> {
  const { room, from, as, join = true, signal } = options
  const asking = { signal, deadlineMs }
  const calls = quizCalls(server, { room, as, from })
  const clock = quizClock()
  const user = as ?? (await retry((one) => server.account.me.query(undefined, { signal: one }), asking)).id
  const { now, ...first } = await seated({ user, calls, clock, join }, asking)
  if (signal?.aborted === true) throw new FoyerError('aborted')
  clock.heard(now)
  const core = createCore({ room, user, calls, clock, first })
  core.begin()
  return handleOf({ room, user, calls, clock, core })
}

/** The room, with a seat in it. Nobody who has one asks for it again: a reload changes nothing. */
async function seated({ user, calls, clock, join }: Seating, asking: RetryOptions): Promise<QuizSeen> {
  const takeSeat = async () => {
    const { now } = await underNewId(clock, (id) => retry((one) => calls.join({ id, reply: 'room' }, one), asking))
    return now ?? retry(calls.get, asking)
  }
  const view = await retry(calls.get, asking).catch((thrown: unknown) => {
    if (!join || toFoyerError(thrown).rule !== 'not-occupant') throw thrown
    return takeSeat()
  })
  return join && view.ended === null && !view.occupants.includes(user) ? takeSeat() : view
}
