import type { Env } from './env.ts'

export interface Bucket {
  /** Takes one token; 0 when there was one, else the ms until there is. */
  take(key: string): number
  /** The same without taking. */
  check(key: string): number
}

export interface BucketOptions {
  /** Tokens a second; 0 or less switches the limit off. */
  rate: number
  burst: number
  now?: () => number
  /** Keys remembered at most; the one unused for longest is forgotten first, and starts full again. */
  maxKeys?: number
}

/** Token buckets by key, in this process: an installation of n servers lets through up to n times as much. */
export function tokenBuckets({ rate, burst, now = () => performance.now(), maxKeys = 100_000 }: BucketOptions): Bucket {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const use = (key: string, cost: number): number => {
    if (rate <= 0) return 0
    const at = now()
    const seen = buckets.get(key)
    const tokens = seen === undefined ? burst : Math.min(burst, seen.tokens + ((at - seen.at) / 1_000) * rate)
    const enough = tokens >= 1
    if (cost > 0) {
      buckets.delete(key)
      buckets.set(key, { tokens: enough ? tokens - cost : tokens, at })
      if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value ?? key)
    }
    return enough ? 0 : Math.ceil(((1 - tokens) / rate) * 1_000)
  }
  return { take: (key) => use(key, 1), check: (key) => use(key, 0) }
}

/** Ten wrong secrets, then one each three seconds. */
const GUESS_LIMIT = { rate: 1 / 3, burst: 10 }

export const createLimits = (env: Env) => ({
  address: tokenBuckets({ rate: env.RATE_PER_ADDRESS, burst: env.RATE_BURST_PER_ADDRESS }),
  secret: tokenBuckets({ rate: env.RATE_PER_SECRET, burst: env.RATE_BURST_PER_SECRET }),
  user: tokenBuckets({ rate: env.RATE_PER_USER, burst: env.RATE_BURST_PER_USER }),
  room: tokenBuckets({ rate: env.RATE_PER_ROOM, burst: env.RATE_BURST_PER_ROOM }),
  guesses: tokenBuckets({ ...GUESS_LIMIT, rate: env.RATE_PER_ADDRESS === 0 ? 0 : GUESS_LIMIT.rate }),
})
export type Limits = ReturnType<typeof createLimits>
