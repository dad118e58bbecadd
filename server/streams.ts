import type { Context } from './context.ts'
import { faultOf } from './errors.ts'

export interface StreamOptions {
  ctx: Context
  procedure: string
  /** Aborts when the client unsubscribes or is gone. */
  signal: AbortSignal | undefined
}

/**
 * A subscription's items. It counts as an open stream meanwhile; what breaks it passes by every middleware and is logged
 * here, once. A generator that ends with `shutting-down` makes an SSE client resume elsewhere, but is final for a WebSocket
 * client: there it stays silent until the client has moved to its new connection, or the old one is closed. Nothing is pulled
 * for a client that does not read (flow.ts).
 */
export async function* streamed<T>(items: AsyncIterable<T>, options: StreamOptions): AsyncGenerator<T> {
  const { ctx, procedure, signal } = options
  const { log, metrics } = ctx.foyer
  metrics.streams.inc()
  try {
    await ctx.flow?.ready(signal)
    for await (const item of items) {
      yield item
      await ctx.flow?.ready(signal)
    }
  } catch (error) {
    const { rule, ours } = faultOf(error)
    if (ours) log.error({ err: error, procedure }, 'subscription failed')
    if (ctx.overSocket === true && rule === 'shutting-down' && signal !== undefined) await aborted(signal)
    else throw error
  } finally {
    metrics.streams.dec()
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
