import { setTimeout as pause } from 'node:timers/promises'

/** `what` completes the sentence "not within 5000 ms: …"; `signal` gives up early. */
export type UntilOptions = { what: string; deadlineMs?: number; signal?: AbortSignal }

type Falsy = false | 0 | '' | null | undefined

const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 50

/**
 * Asks again and again until the condition holds, and resolves to what it gave. A condition that throws does not hold
 * yet; its last error becomes the cause of the rejection at the deadline.
 */
export const until = async <T>(condition: () => T | Promise<T>, options: UntilOptions): Promise<Exclude<T, Falsy>> => {
  const { what, deadlineMs = 5_000, signal } = options
  const deadline = performance.now() + deadlineMs
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    const found = await ask(condition)
    if ('value' in found && holds(found.value)) return found.value
    if (performance.now() >= deadline) {
      throw new Error(`not within ${deadlineMs} ms: ${what}`, 'error' in found ? { cause: found.error } : undefined)
    }
    await pause(wait, undefined, signal ? { signal } : undefined)
  }
}

const holds = <T>(value: T): value is Exclude<T, Falsy> => Boolean(value)

const ask = async <T>(condition: () => T | Promise<T>): Promise<{ value: T } | { error: unknown }> => {
  try {
    return { value: await condition() }
  } catch (error) {
    return { error }
  }
}
