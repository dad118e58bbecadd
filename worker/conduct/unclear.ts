import type { LeaseDoc } from '../../server/store/docs-quiz.ts'
import type { LeaseStore } from '../../server/store/leases.ts'

export interface Attempt {
  leases: Pick<LeaseStore, 'readBack'>
  room: string
  /** The claim that the attempt makes. */
  claim: string
  opMs: number
  /** The same claim was attempted before: then a refusal may be its own doing. */
  isRepeat: boolean
  attempt: () => Promise<LeaseDoc | null>
}

/**
 * What became of a claim: the row that is held by it, null if it is not, `unknown` if mongod cannot be asked. Where the reply does not
 * tell, the row is read back.
 */
export async function certain({
  leases,
  room,
  claim,
  opMs,
  isRepeat,
  attempt,
}: Attempt): Promise<LeaseDoc | null | 'unknown'> {
  try {
    const row = await limited(attempt(), opMs)
    if (row !== null || !isRepeat) return row
  } catch {
    // Whether it was made is what the row tells.
  }
  try {
    const row = await limited(leases.readBack(room), opMs)
    return row?.holder?.claim === claim ? row : null
  } catch {
    return 'unknown'
  }
}

/** An answer that comes later is none: the driver's own limits are looser, since it tries again. */
export async function limited<T>(answer: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
