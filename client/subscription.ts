import { FoyerError, toFoyerError } from './errors.ts'
import { orAborted } from './retry.ts'

/** What tRPC tells of a subscription. */
export interface Handlers<D> {
  onStarted: () => void
  onData: (data: D) => void
  onError: (error: unknown) => void
  onComplete: () => void
  onConnectionStateChange: (change: { state: string; error: unknown }) => void
}

export interface SubscriptionOptions<D> {
  subscribe: (handlers: Handlers<D>) => { unsubscribe: () => void }
  onOpen: () => void
  onData: (data: D) => void
  signal: AbortSignal
  /** How long the stream may take to open, ms; some proxies hold the first bytes back for ever. */
  openMs?: number | undefined
}

/** Why a stream ended. `opened: false`: it never was one; whether the error is the server's own word is then unknown. */
export interface StreamEnd {
  opened: boolean
  error: FoyerError
}

const OPEN_MS = 4_000

/**
 * Reads a subscription until something is wrong with it, and says what. tRPC's link would reconnect by itself, each three
 * seconds and all clients at once; the caller does it with a back-off, from where it had come to.
 */
export async function readSubscription<D>(options: SubscriptionOptions<D>): Promise<StreamEnd> {
  const { subscribe, onOpen, onData, signal, openMs = OPEN_MS } = options
  const ended = Promise.withResolvers<FoyerError>()
  const end = (thrown: unknown) => ended.resolve(toFoyerError(thrown))
  const timer = setTimeout(() => end(new FoyerError('timeout', { message: 'The stream did not open' })), openMs)
  let opened = false
  const subscription = subscribe({
    onStarted: () => {
      if (opened) return
      opened = true
      clearTimeout(timer)
      onOpen()
    },
    onData,
    onError: end,
    onComplete: () => end(new FoyerError('offline', { message: 'The stream ended' })),
    onConnectionStateChange: ({ state, error }) => state === 'connecting' && error !== null && end(error),
  })
  try {
    const error = await orAborted(ended.promise, signal)
    return { opened, error }
  } catch (thrown) {
    return { opened, error: toFoyerError(thrown) }
  } finally {
    clearTimeout(timer)
    subscription.unsubscribe()
  }
}
