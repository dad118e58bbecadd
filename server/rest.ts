import { admit, recordOutcome } from './admit.ts'
import type { Context } from './context.ts'
import { faultOf, problem } from './errors.ts'

/** Admits a REST call, counts it and answers errors as problem+json: what server/trpc.ts does for procedures. */
export async function answered(
  procedure: string,
  context: () => Context,
  act: (ctx: Context) => Promise<Response>,
): Promise<Response> {
  const began = performance.now()
  try {
    const ctx = context()
    try {
      admit(ctx)
      const response = await act(ctx)
      recordOutcome(ctx, { procedure, began, error: null })
      return response
    } catch (error) {
      recordOutcome(ctx, { procedure, began, error })
      throw error
    }
  } catch (error) {
    return problem(faultOf(error))
  }
}
