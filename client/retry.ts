import { FoyerError, toFoyerError } from './errors.ts'

export interface RetryOptions {
  signal?: AbortSignal | undefined
  /** Ends all attempts this many ms after the first began; absent: only the signal does. */
  deadlineMs?: number | undefined
  /** Ends one attempt, so that a reply that never comes counts as lost; ms. */
  tryMs?: number | undefined
  /** Told of each failure that will be repeated, before the pause. */
  onRetry?: ((error: FoyerError, pauseMs: number) => void) | undefined
  /** Given what ends the pause early, for who learns meanwhile that the server is there; not where the server asked for the pause. */
  onPause?: ((wake: () => void) => void) | undefined
  random?: (() => number) | undefined
}

const BASE_MS = 200
const CAP_MS = 5_000
const TRY_MS = 15_000

/**
 * The pause after the nth failure in a row (from 0), ms: exponential, of which the upper half is random so that a crowd
 * that lost the same server does not come back in step. Never below what the server asked for.
 */
export function backoffMs(failures: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const full = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures, 16))
  return Math.max(retryAfterMs, Math.round(full / 2 + (full / 2) * random()))
}

/** A pause that an abort ends with `aborted`, and what `onPause` is given ends early. */
export function pause(ms: number, signal?: AbortSignal, onPause?: RetryOptions['onPause']): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const abort = () => {
      end()
      reject(new FoyerError('aborted'))
    }
    const wake = () => {
      end()
      resolve()
    }
    const timer = setTimeout(wake, ms)
    onPause?.(wake)
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}

/** A signal that follows `parent` and aborts with `error` after `ms`; `end` frees both. */
export function limit(ms: number | undefined, error: FoyerError, parent?: AbortSignal) {
  const controller = new AbortController()
  const follow = () => controller.abort(new FoyerError('aborted'))
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort(error), ms)
  if (parent?.aborted === true) follow()
  else parent?.addEventListener('abort', follow, { once: true })
  const end = () => {
    clearTimeout(timer)
    parent?.removeEventListener('abort', follow)
  }
  return { signal: controller.signal, end }
}

/** Settles with the promise, or with the signal's error if that comes first: not every call obeys its signal. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/**
 * Repeats a request while its failure is retryable (429, 5xx, no or a broken connection). A repeat must carry the first
 * one's Idempotency-Key, or ask nothing but a read. Errors: the last failure; at the deadline that or `timeout`; `aborted`.
 */
export async function retry<T>(attempt: (signal: AbortSignal) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { deadlineMs, tryMs, onRetry, onPause, random } = options
  const all = limit(deadlineMs, new FoyerError('timeout'), options.signal)
  let last: FoyerError | null = null
  try {
    for (let failures = 0; ; failures++) {
      if (all.signal.aborted) throw all.signal.reason
      const one = await once(attempt, { tryMs, signal: all.signal })
      if (one.error === null) return one.value
      if (!one.error.retryable) throw one.error
      last = one.error
      const pauseMs = backoffMs(failures, last.retryAfterMs, random)
      onRetry?.(last, pauseMs)
      await pause(pauseMs, all.signal, last.retryAfterMs === undefined ? onPause : undefined)
    }
  } catch (thrown) {
    const ended: unknown = all.signal.aborted ? all.signal.reason : thrown
    throw toFoyerError(last !== null && toFoyerError(ended).rule === 'timeout' ? last : ended)
  } finally {
    all.end()
  }
}

/** One attempt, which counts as lost when no reply comes in time. Never rejects: its error is what it came to. */
export async function once<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { tryMs = TRY_MS, signal: parent }: { tryMs?: number | undefined; signal: AbortSignal },
) {
  const one = limit(tryMs, new FoyerError('offline', { message: 'No reply came in time' }), parent)
  try {
    return { value: await orAborted(attempt(one.signal), one.signal), error: null }
  } catch (thrown) {
    return { error: toFoyerError(one.signal.aborted ? one.signal.reason : thrown) }
  } finally {
    one.end()
  }
}
