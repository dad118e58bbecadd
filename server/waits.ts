import type { Services } from './services.ts'

export interface WaitOptions {
  topic: string
  /** How long at most, ms; 0: look once. */
  ms: number
  signal: AbortSignal | undefined
}

/**
 * Long-poll: looks, and looks again whenever the topic wakes, until there is something, the time is over, the caller is
 * gone or the server drains. The waiter attaches before the first look, so nothing falls between.
 */
export async function waitFor<T>(
  { hub, metrics, shutdown }: Pick<Services, 'hub' | 'metrics' | 'shutdown'>,
  { topic, ms, signal }: WaitOptions,
  look: () => Promise<T | null>,
): Promise<T | null> {
  if (ms <= 0) return look()
  const end = performance.now() + ms
  const until = signal === undefined ? shutdown : AbortSignal.any([signal, shutdown])
  using waiter = hub.attach(topic)
  metrics.waits.inc()
  try {
    for (;;) {
      const found = await look()
      if (found !== null || until.aborted) return found
      const woken = await waiter.next(end - performance.now(), until)
      if (!woken) return null
    }
  } finally {
    metrics.waits.dec()
  }
}
