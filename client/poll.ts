import type { Signal } from '../shared/session/schema.ts'
import type { CallScope } from './calls.ts'
import { pause, retry } from './retry.ts'

/** One look at a box: what is after the cursor, and the next cursor. */
export interface Page {
  signals: Signal[]
  cursor?: string | undefined
}

export interface PollOptions {
  scope: CallScope
  ask: (poll: { cursor: string | undefined; wait: number }, call: AskCall) => Promise<Page>
  onSignal: (signal: Signal) => void
  /** After each reply: true; at each failure that will be repeated: false. */
  onOnline: (online: boolean) => void
}

export interface AskCall {
  context: { authorization: string | undefined }
  signal: AbortSignal
}

/** A `wait` above the server's own cap, so that the server's setting decides how long a poll is held. */
const WAIT_MS = 30_000
const REPLY_MS = 10_000
/** A server that does not hold a poll (it drains) is asked once a second. */
const FLOOR_MS = 1_000

/**
 * A chain of long-polls: the next is sent when the last is answered, so no timer runs, and a hidden tab goes on. Repeats for
 * ever while the server cannot be reached; rejects with what the server says against it, or `aborted` with the scope.
 */
export async function pollChain({ scope, ask, onSignal, onOnline }: PollOptions): Promise<never> {
  let cursor: string | undefined
  // At first and after a failure: not held, so that its reply tells at once that the server is there.
  let wait = 0
  const onRetry = () => {
    wait = 0
    onOnline(false)
  }
  for (;;) {
    const asked = performance.now()
    const page = await retry(
      (signal) => ask({ cursor, wait }, { context: { authorization: scope.secret() }, signal }),
      { signal: scope.signal, tryMs: WAIT_MS + REPLY_MS, onRetry },
    )
    onOnline(true)
    cursor = page.cursor ?? cursor
    for (const signal of page.signals) onSignal(signal)
    const heldMs = performance.now() - asked
    if (page.signals.length === 0 && wait > 0 && heldMs < FLOOR_MS) await pause(FLOOR_MS - heldMs, scope.signal)
    wait = WAIT_MS
  }
}

/** What a client reads: everything about its own connection. */
export const clientPage =
  ({ client: { session } }: CallScope): PollOptions['ask'] =>
  (poll, call) =>
    session.candidates.query(poll, call)

/** What a host reads of one connection while it is being made. */
export const connectionPage =
  ({ client: { session } }: CallScope, client: string): PollOptions['ask'] =>
  (poll, call) =>
    session.candidates.query({ ...poll, client }, call)

/** What a host reads all the time: the join queue, as the offers that they are. */
export const queuePage =
  ({ client: { session } }: CallScope): PollOptions['ask'] =>
  async (poll, call) => {
    const { requests, cursor } = await session.requests.query(poll, call)
    return { cursor, signals: requests.map((request) => ({ kind: 'offer' as const, ...request })) }
  }
