import { emitter } from '../emitter.ts'
import type { QuizEvents, QuizSnapshot } from './types.ts'

/** What the application sees of a quiz room: by events, and as one snapshot that is replaced and never changed. */
export function createShown(first: QuizSnapshot) {
  const { on, emit } = emitter<QuizEvents>()
  const listeners = new Set<() => void>()
  let snapshot = first

  return {
    on,
    emit,
    get snapshot() {
      return snapshot
    },
    show: (next: Partial<QuizSnapshot>): void => {
      snapshot = { ...snapshot, ...next }
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener: () => void): (() => void) => {
      // The same function twice is two subscriptions.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
export type Shown = ReturnType<typeof createShown>
