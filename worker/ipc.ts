import { z } from 'zod'

/** Of one metric, as prom-client's `getMetricsAsJSON` gives it. */
const seriesSchema = z.looseObject({
  name: z.string(),
  values: z.array(z.looseObject({ labels: z.record(z.string(), z.union([z.string(), z.number()])) })),
})
export type Series = z.infer<typeof seriesSchema>

/** What a child tells its supervisor. */
const beatSchema = z.object({
  type: z.literal('beat'),
  /** Its conductors are; `size`: how many they are. */
  healthy: z.boolean(),
  size: z.int(),
})
/** The reply to a request of that number. */
const metricsSchema = z.object({ type: z.literal('metrics'), nth: z.int(), series: z.array(seriesSchema) })
const fromChildSchema = z.discriminatedUnion('type', [beatSchema, metricsSchema])
export type FromChild =
  z.infer<typeof beatSchema> | (Omit<z.infer<typeof metricsSchema>, 'series'> & { series: readonly object[] })

/** What a supervisor tells its child. */
const fromSupervisorSchema = z.discriminatedUnion('type', [
  /** Hand over and end. */
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('metrics'), nth: z.int() }),
])
export type FromSupervisor = z.infer<typeof fromSupervisorSchema>

/** null: nothing that these two say. */
export const fromChild = (message: unknown): z.infer<typeof fromChildSchema> | null =>
  fromChildSchema.safeParse(message).data ?? null
export const fromSupervisor = (message: unknown): FromSupervisor | null =>
  fromSupervisorSchema.safeParse(message).data ?? null
