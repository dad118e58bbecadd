import { z } from 'zod'
import { nameSchema } from '../shared/ids.ts'
import { accountSchema } from './accounts.ts'
import { accountProcedure, procedure, router } from './trpc.ts'

export const accountRouter = router({
  /** Who the token says I am. Errors: unauthorized. */
  me: accountProcedure.output(accountSchema).query(({ ctx }) => ctx.account),
  /** A guest's token, 12 h, for trying things out. Errors: guests-off outside the development start. */
  guest: procedure
    .input(z.object({ name: nameSchema }))
    .output(z.object({ token: z.string() }))
    .mutation(({ ctx, input }) => ctx.foyer.accounts.guest(input.name)),
})
