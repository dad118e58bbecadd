import { tracked } from '@trpc/server'
import { RuleError } from '../../shared/rules.ts'
import { formatBoxCursor, parseBoxCursor } from '../../shared/session/cursor.ts'
import { boxTopic } from '../subscribe.ts'
import type { Gate } from './gate.ts'
import type { Call, Parts } from './parts.ts'

/** The polls as a stream: each signal of the caller's box once and in order, from `lastEventId` on. */
export function createEvents({ services, boxes }: Parts, gate: Gate) {
  const { hub, env, shutdown } = services
  /** How often an open stream looks by itself: a host renews its session, and nobody stays on a token that is over. */
  const tickMs = Math.min(env.SESSION_EXPIRY_MS / 3, env.SESSION_MAX_WAIT_MS)

  /**
   * Attaches before it reads, so nothing falls between. Ends with the caller, or with a rule: superseded, session-gone,
   * seat-gone (after the last signals), shutting-down (retryable: resume elsewhere). A slow reader holds nothing but its
   * cursor: the next page is read when it has taken this one.
   */
  async function* events(call: Call, lastEventId: string | null | undefined) {
    let cursor = parseBoxCursor(lastEventId)
    const { box } = await gate.whoIs(call.bearer)
    const until = call.signal === undefined ? shutdown : AbortSignal.any([call.signal, shutdown])
    using waiter = hub.attach(boxTopic(box))
    for (;;) {
      const { gone } = await gate.reader(call, tickMs)
      const page = await boxes.read(box, cursor)
      for (const { signal, cursor: at } of page.found) {
        if (until.aborted) break
        // Between two events any time may pass, and another tab may take over.
        await gate.whoIs(call.bearer)
        yield tracked(formatBoxCursor(at), signal)
      }
      if (shutdown.aborted) throw new RuleError('shutting-down')
      if (until.aborted) return
      cursor = page.cursor
      if (!page.end) continue
      if (gone !== null) throw new RuleError(gone)
      await waiter.next(tickMs, until)
    }
  }

  return { events }
}
