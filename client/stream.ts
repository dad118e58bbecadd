import type { Signal } from '../shared/session/schema.ts'
import type { CallScope } from './calls.ts'
import { FoyerError, toFoyerError } from './errors.ts'
import { orAborted } from './retry.ts'

export interface StreamOptions {
  scope: CallScope
  /** After which signal to begin. */
  cursor: string | undefined
  onOpen: () => void
  onSignal: (signal: Signal, cursor: string) => void
  /** How long the stream may take to open, ms; some proxies hold the first bytes back for ever. */
  openMs?: number
}

/** Why a stream ended. `opened: false`: it never was one; whether the error is the server's own word is then unknown. */
export interface StreamEnd {
  opened: boolean
  error: FoyerError
}

const OPEN_MS = 4_000

/**
 * Reads `session.events` until something is wrong with it, and says what. tRPC's link would reconnect by itself, each three
 * seconds and all clients at once; the caller does it with a back-off, from the last cursor.
 */
export async function readStream({
  scope,
  cursor,
  onOpen,
  onSignal,
  openMs = OPEN_MS,
}: StreamOptions): Promise<StreamEnd> {
  const ended = Promise.withResolvers<FoyerError>()
  const end = (thrown: unknown) => ended.resolve(toFoyerError(thrown))
  const timer = setTimeout(() => end(new FoyerError('timeout', { message: 'The stream did not open' })), openMs)
  let opened = false
  const subscription = scope.client.session.events.subscribe(
    { lastEventId: cursor },
    {
      context: { authorization: scope.secret() },
      onStarted: () => {
        if (opened) return
        opened = true
        clearTimeout(timer)
        onOpen()
      },
      onData: ({ id, data }) => onSignal(data, id),
      onError: end,
      onComplete: () => end(new FoyerError('offline', { message: 'The stream ended' })),
      onConnectionStateChange: ({ state, error }) => state === 'connecting' && error !== null && end(error),
    },
  )
  try {
    const error = await orAborted(ended.promise, scope.signal)
    return { opened, error }
  } catch (thrown) {
    return { opened, error: toFoyerError(thrown) }
  } finally {
    clearTimeout(timer)
    subscription.unsubscribe()
  }
}
