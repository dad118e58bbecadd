import { z } from 'zod'
import { RuleError } from '../shared/rules.ts'
import { accountProcedure, router } from './trpc.ts'

/** Processes that were there lately. */
const LATELY_MS = 60 * 60_000
const MOST_FAILED = 100

const countSchema = z.int().min(0)
const workersSchema = z.object({
  /** Processes that run quizconductors. `load`: how many; `draining`: it hands them over; `lost`: it came to a sudden end, or seems to. */
  workers: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      pid: z.int(),
      supervisor: z.string(),
      load: countSchema,
      draining: z.boolean(),
      lost: z.boolean(),
      startedAt: z.date(),
      renewedAt: z.date(),
    }),
  ),
  /** How many leases of rooms there are of each status. */
  leases: z.object({
    wanted: countSchema,
    held: countSchema,
    released: countSchema,
    failed: countSchema,
    ended: countSchema,
  }),
  /** Rooms whose conductor crashed too often; it is tried again at `again`. */
  failed: z.array(z.object({ room: z.string(), crashes: countSchema, again: z.date().nullable() })),
})

/** For operators. */
export const workerRouter = router({
  /** Who runs the quizconductors, and which of them do not run. Errors: unauthorized, forbidden (not a service). */
  list: accountProcedure.output(workersSchema).query(async ({ ctx }) => {
    if (ctx.account.role !== 'service') throw new RuleError('forbidden')
    const { workers, leases, quizSweep } = ctx.foyer.store
    const [rows, counts, failed] = await Promise.all([
      workers.list({ withinMs: LATELY_MS }),
      leases.counts(),
      quizSweep.failed(MOST_FAILED),
    ])
    return { workers: rows.map(({ _id: id, lost = false, ...row }) => ({ id, lost, ...row })), leases: counts, failed }
  }),
})
