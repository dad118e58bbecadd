import { RuleError } from '../../shared/rules.ts'

/** Each holds its file, and what is unpacked of it, in memory: 84 MB at most. */
const AT_ONCE = 8
const RETRY_MS = 1_000

/** Lets in so many uploads at a time, one of each user. */
export function uploadSlots(most: number = AT_ONCE) {
  const users = new Set<string>()
  return {
    /** Holds a place until it is disposed of. Error: rate-limited. */
    take: (user: string): Disposable => {
      if (users.size >= most || users.has(user)) throw new RuleError('rate-limited', { retryAfterMs: RETRY_MS })
      users.add(user)
      return { [Symbol.dispose]: () => void users.delete(user) }
    },
  }
}
