import type { ChangeStream, Document } from 'mongodb'

/** Between the end of a stream and the next one, ms. */
const REOPEN_MS = 250

export interface ChangeListener<C> {
  /** The stream stands, or stands anew. */
  open: () => void
  change: (change: C) => void
  /** It broke: something may have been missed. */
  gap: (error: unknown) => void
}

/** Reads a change stream, and opens it anew whenever it breaks, until the signal aborts. */
export async function readChanges<D extends Document, C extends Document>(
  start: () => ChangeStream<D, C>,
  signal: AbortSignal,
  on: ChangeListener<C>,
): Promise<void> {
  while (!signal.aborted) {
    const stream = start()
    const close = () => void stream.close().catch(() => {})
    signal.addEventListener('abort', close, { once: true })
    try {
      // The first resume token comes with the reply that opened the stream.
      stream.once('resumeTokenChanged', on.open)
      for await (const change of stream) on.change(change)
    } catch (error) {
      if (!signal.aborted) on.gap(error)
    } finally {
      signal.removeEventListener('abort', close)
      await stream.close().catch(() => {})
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, REOPEN_MS))
  }
}
