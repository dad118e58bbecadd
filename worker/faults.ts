import { z } from 'zod'
import { FAILPOINTS, type Failpoint } from './conduct/failpoint.ts'

const schema = z.object({
  /** Where a child dies. */
  FAILPOINT: z.enum(FAILPOINTS).optional(),
  /** `off`: the control of such tests, which have to fail with it. */
  FENCE: z.enum(['on', 'off']).default('on'),
  /** For how long the event loop stands still at each SIGUSR2, ms. */
  SPIN_MS: z.coerce.number().int().min(1).optional(),
})

/** What tests of faults want of a child. */
export interface Faults {
  failpoint: Failpoint | undefined
  isFenced: boolean
  spinMs: number | undefined
}

/** Read from variables that are no settings. `die`: as kill -9 does. */
export function faultsOf(source: Record<string, string | undefined>, die: () => void): Faults {
  const { FAILPOINT: at, FENCE, SPIN_MS: spinMs } = schema.parse(source)
  return { failpoint: at === undefined ? undefined : { at, die }, isFenced: FENCE === 'on', spinMs }
}
