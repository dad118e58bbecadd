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

/** Not held by the claim: `null`, and never will be; `unseen`, when it was read back, and may be later; `unknown`: mongod cannot be asked. */
export type NotHeld = null | 'unseen' | 'unknown'

/** What became of a claim: the row that is held by it, or why none is. Where the reply does not tell, the row is read back. */
export async function certain({ leases, room, claim, opMs, isRepeat, attempt }: Attempt): Promise<LeaseDoc | NotHeld> {
  let isAnswered = false
  try {
    const row = await limited(attempt(), opMs)
    if (row !== null || !isRepeat) return row
    isAnswered = true
  } catch {
    // Whether it was made is what the row tells.
  }
  try {
    const row = await limited(leases.readBack(room), opMs)
    if (row?.holder?.claim === claim) return row
    return isAnswered ? null : 'unseen'
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
