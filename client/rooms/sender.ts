import { LIMITS } from '../../shared/limits.ts'
import type { CommandReply } from '../../shared/room/schema.ts'
import type { FoyerClient } from '../connect.ts'
import { FoyerError, toFoyerError } from '../errors.ts'
import { backoffMs, once, pause } from '../retry.ts'
import { type ServiceClock, underNewId } from '../room/command-id.ts'
import type { Attempt } from '../room/calls.ts'
import type { Connection } from './connection.ts'
import type { Window } from './window.ts'

export interface SenderOptions {
  connection: Connection
  window: Window
  clock: ServiceClock
  /** How many may wait for their answer. */
  most: number
  signal: AbortSignal
}

interface Asked<T> {
  signal?: AbortSignal | undefined
  /** Of the message, at most. */
  bytes: number
  attempt: (client: FoyerClient, signal: AbortSignal) => Promise<T>
}

interface Sent {
  id: string | undefined
  signal?: AbortSignal | undefined
  bytes: number
  attempt: (client: FoyerClient, ...rest: Parameters<Attempt>) => Promise<CommandReply>
}

/** An id that the service calls untimely this long after its first attempt was so from the beginning, ms. */
const FRESH_MS = 60_000

/** Sends each call until there is an answer, over whatever happens to the connection. */
export function createSender({ connection, window, clock, most, signal: life }: SenderOptions) {
  let waiting = 0

  const trial = async <T>({ bytes, attempt }: Asked<T>, signal: AbortSignal): Promise<T> => {
    const release = await window.take('call', bytes, signal)
    const { client } = connection
    try {
      const { value, error } = await once((one) => attempt(client, one), { signal })
      if (error === null) connection.accepted(client)
      else if (error.rule === 'unauthorized') connection.refused(client, error)
      if (error !== null) throw error
      return value
    } finally {
      release()
    }
  }

  const repeat = async <T>(asked: Asked<T>): Promise<T> => {
    const signal = asked.signal === undefined ? life : AbortSignal.any([life, asked.signal])
    for (let failures = 0; ; failures++) {
      try {
        return await trial(asked, signal)
      } catch (thrown) {
        const error = toFoyerError(thrown)
        if (signal.aborted) throw new FoyerError('aborted')
        // A refused token ends everything at the second time, by `life`.
        if (!error.retryable && error.rule !== 'unauthorized') throw error
        await pause(backoffMs(failures, error.retryAfterMs), signal)
      }
    }
  }

  /** A read, or what may be done twice. */
  const ask = async <T>(asked: Asked<T>): Promise<T> => {
    if (asked.bytes > LIMITS.bodyBytes) throw new FoyerError('too-large', { details: { limit: LIMITS.bodyBytes } })
    if (waiting >= most) throw new FoyerError('queue-full', { details: { limit: most } })
    waiting++
    try {
      return await repeat(asked)
    } finally {
      waiting--
    }
  }

  /** A command, under one id however often it is sent; under a second one if the clock that made the first was wrong. */
  const command = async ({ id: given, signal, bytes, attempt }: Sent): Promise<CommandReply> => {
    const run = (id: string) =>
      ask({ signal, bytes, attempt: (client, one) => attempt(client, { id, reply: 'result' }, one) })
    if (given !== undefined) return run(given)
    return underNewId(clock, run, FRESH_MS)
  }

  return { ask, command }
}
export type Sender = ReturnType<typeof createSender>
