/** What a process of a bench can be asked to do; arguments and results are plain JSON. */
export type Act = (given: never) => unknown
export type Acts = Record<string, Act>

export interface Asked {
  id: number
  act: string
  given: unknown
}
export interface Answered {
  id: number
  result?: unknown
  error?: string
}

/**
 * Serves acts to the process that started this one (actor.ts), on Bun and on Node alike. Ends with that process, so that
 * it never outlives it.
 */
export function serveActs(acts: Acts): void {
  const answer = async ({ id, act, given }: Asked): Promise<Answered> => {
    try {
      // edge: who asks has the type of these acts (actor.ts); across processes nothing checks it.
      const result = await acts[act]?.(given as never)
      return { id, result }
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
  // edge: only actor.ts sends, and that is what it sends.
  process.on('message', async (asked) => process.send?.(await answer(asked as Asked)))
  process.on('disconnect', () => process.exit())
}
