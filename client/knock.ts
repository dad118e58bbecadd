import type { PutOutput } from '../shared/mailbox/schema.ts'
import type { FoyerClient } from './connect.ts'
import { FoyerError } from './errors.ts'
import { newKey } from './random.ts'
import { pause, type RetryOptions, retry } from './retry.ts'

/** A `wait` above the server's own cap, so that the server's setting decides how long a keep is held. */
const KEEP_WAIT_MS = 20_000
const REPLY_MS = 10_000
/** PUT and join are answered at once; a server that does not for this long is down. */
const ANSWER_MS = 30_000
/** A server that does not hold a keep (it drains) is asked once a second. */
const FLOOR_MS = 1_000

export interface KnockOptions {
  room: string
  signal: AbortSignal
  onRetry: (error: FoyerError) => void
}

/** The host's stay in its room. */
export interface Stay {
  /** One keep: the answer, or null when none came while the server held it. Errors: `wrong-key`, `timeout`. */
  ask(leftMs: number): Promise<string | null>
  /** Gives the room up. */
  leave(): void
  /** The room is somebody else's business now. */
  end(): void
}

/** The four mailbox requests, repeated under their Idempotency-Keys until there is a reply. */
export function knocking(client: Pick<FoyerClient, 'mailbox'>, { room, signal, onRetry }: KnockOptions) {
  const patience: RetryOptions = { signal, onRetry, deadlineMs: ANSWER_MS }

  const put = async (offer: string): Promise<PutOutput> => {
    const context = { idempotencyKey: newKey() }
    const flight: { reply?: Promise<PutOutput> } = {}
    // Without the signal: an aborted PUT may be stored all the same, and only its reply has the key to remove it.
    const attempt = () => (flight.reply = client.mailbox.put.mutate({ room, offer }, { context }))
    try {
      return await retry(attempt, patience)
    } catch (error) {
      flight.reply?.then((reply) => reply.kind === 'key' && remove(reply.key)).catch(() => {})
      throw error
    }
  }

  const join = async (answer: string, offerId: string): Promise<void> => {
    const context = { idempotencyKey: newKey() }
    await retry((one) => client.mailbox.join.mutate({ room, answer, offerId }, { context, signal: one }), patience)
  }

  /** Best effort, also while the page goes away: a room that stays behind expires by itself. */
  const remove = (key: string): void => {
    const context = { authorization: key, keepalive: true }
    client.mailbox.remove.mutate({ room }, { context }).catch(() => {})
  }

  const stay = (key: string): Stay => {
    // One Idempotency-Key for all keeps: whichever took the answer, the next one is its repeat and gets it again.
    const context = { authorization: key, idempotencyKey: newKey() }
    const keep = (one: AbortSignal) =>
      client.mailbox.keep.mutate({ room, wait: KEEP_WAIT_MS }, { context, signal: one })
    const leave = () => remove(key)
    // A reloaded page would else meet its own dead offer.
    globalThis.addEventListener?.('pagehide', leave)

    const ask = async (leftMs: number) => {
      if (leftMs <= 0) throw new FoyerError('timeout')
      const asked = performance.now()
      const { answer } = await retry(keep, { signal, onRetry, deadlineMs: leftMs, tryMs: KEEP_WAIT_MS + REPLY_MS })
      const heldMs = performance.now() - asked
      if (answer === null && heldMs < FLOOR_MS) await pause(FLOOR_MS - heldMs, signal)
      return answer
    }
    return { ask, leave, end: () => globalThis.removeEventListener?.('pagehide', leave) }
  }

  return { put, join, stay }
}
export type Knocking = ReturnType<typeof knocking>
