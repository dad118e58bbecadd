/** Who waits is woken by topic; the wake-up is a hint, the database is the truth. */
export interface Waiter extends Disposable {
  /** True when something happened on the topic since the last call (or does within `ms`), false at the time-out or abort. */
  next(ms: number, signal?: AbortSignal): Promise<boolean>
}

/**
 * Wake-ups by topic within one process. Attach first, then read, then wait: what happens between is not lost, since a
 * waiter remembers that it was woken.
 */
export function createHub() {
  const topics = new Map<string, Set<() => void>>()

  const attach = (topic: string): Waiter => {
    let pending = false
    let wake: (() => void) | null = null
    const notify = () => {
      pending = true
      wake?.()
    }
    const waiters = topics.get(topic) ?? new Set()
    topics.set(topic, waiters.add(notify))

    const next = (ms: number, signal?: AbortSignal) =>
      new Promise<boolean>((resolve) => {
        const end = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', end)
          wake = null
          const woken = pending
          pending = false
          resolve(woken)
        }
        const timer = setTimeout(end, ms)
        if (pending || ms <= 0 || signal?.aborted === true) return end()
        wake = end
        signal?.addEventListener('abort', end, { once: true })
      })

    const detach = () => {
      waiters.delete(notify)
      if (waiters.size === 0 && topics.get(topic) === waiters) topics.delete(topic)
    }
    return { next, [Symbol.dispose]: detach }
  }

  return {
    attach,
    notify: (topic: string) => topics.get(topic)?.forEach((notify) => notify()),
    /** After a gap of the stream: everybody reads again. */
    notifyAll: () => topics.forEach((waiters) => waiters.forEach((notify) => notify())),
    /** How many topics somebody waits on. */
    size: () => topics.size,
  }
}
export type Hub = ReturnType<typeof createHub>
