import { z } from 'zod'
import { nameSchema } from '../../../../../shared/ids.ts'

/** What kind of quiz somebody would like: what this page's clients agree on. The service keeps it as any JSON. */
export const proposalSchema = z.object({
  deck: nameSchema,
  title: z.string().max(200),
  pace: z.enum(['own', 'host']),
})
export type Proposal = z.output<typeof proposalSchema>
