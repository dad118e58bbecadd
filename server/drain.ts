import type { Log } from './log.ts'

export interface Stoppable {
  /** Stops taking connections and waits for requests in flight; `true` cuts what is left. */
  stop(closeActive?: boolean): Promise<unknown> | unknown
}

/** Waits for a step, but not for longer than `ms`; false when the time was over first. */
export async function within(ms: number, step: Promise<unknown> | unknown): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ms)
  void Promise.resolve(step).then(
    () => resolve(true),
    () => resolve(false),
  )
  const inTime = await promise
  clearTimeout(timer)
  return inTime
}

export interface DrainOptions {
  server: Stoppable
  /** Aborted first: streams end with a retryable error, long polls answer at once. */
  shutdown: AbortController
  reconnectSockets: () => void
  closeSockets: () => void
  deadlineMs: number
  log: Log
}

/** The order of a clean end: streams are told to resume elsewhere, requests finish, what is left is cut at the deadline. */
export async function drain(options: DrainOptions): Promise<void> {
  const { server, shutdown, reconnectSockets, closeSockets, deadlineMs, log } = options
  log.info({ deadlineMs }, 'draining')
  reconnectSockets()
  shutdown.abort()
  const ended = within(deadlineMs, server.stop())
  // WebSockets outlive a graceful stop; their calls have answered by then.
  await within(Math.min(1_000, deadlineMs), ended)
  closeSockets()
  if (await ended) return
  log.warn('requests in flight were cut at the deadline')
  await within(500, server.stop(true))
}
