/** Something that runs while somebody listens to what it shows. */
export interface Listened<T> {
  readonly value: T
  readonly isListened: boolean
  /** Shows another value to all who listen. */
  show(next: T): void
  subscribe(listener: () => void): () => void
}

export interface ListenedOptions<T> {
  /** What there is before it runs, and when it has stopped. */
  idle: T
  /** Begins with the first listener; returns what stops it. */
  run: () => () => void
  /** The last listener is gone, and it has stopped. */
  onIdle: () => void
}

export function listened<T>({ idle, run, onIdle }: ListenedOptions<T>): Listened<T> {
  const listeners = new Set<() => void>()
  let value = idle
  let stop: (() => void) | null = null

  const stopIfIdle = (): void => {
    if (listeners.size > 0 || stop === null) return
    stop()
    stop = null
    value = idle
    onIdle()
  }

  return {
    get value() {
      return value
    },
    get isListened() {
      return listeners.size > 0
    },
    show: (next) => {
      value = next
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      // The same function twice is two subscriptions.
      const own = () => listener()
      listeners.add(own)
      stop ??= run()
      return () => {
        listeners.delete(own)
        // Not at once: StrictMode takes each component off and puts it on again, and so does a move within the page.
        setTimeout(stopIfIdle)
      }
    },
  }
}
