type Listeners<E> = { [K in keyof E]?: Set<(value: E[K]) => void> }

/** Typed events. `on` returns what takes the listener off again. */
export function emitter<E extends object>() {
  const listeners: Listeners<E> = {}

  const on = <K extends keyof E>(name: K, listener: (value: E[K]) => void): (() => void) => {
    const set: Set<(value: E[K]) => void> = listeners[name] ?? new Set()
    listeners[name] = set.add(listener)
    return () => void set.delete(listener)
  }

  const emit = <K extends keyof E>(name: K, value: E[K]): void => {
    for (const listener of [...(listeners[name] ?? [])]) {
      try {
        listener(value)
      } catch (error) {
        // An application's mistake is reported as uncaught, and must not stop a connection half-way.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  return { on, emit }
}
