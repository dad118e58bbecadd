import type { CallContext, FoyerClient } from './connect.ts'
import { toFoyerError } from './errors.ts'
import type { PeerSignaling } from './peer.ts'
import { newKey } from './random.ts'
import { type RetryOptions, retry } from './retry.ts'

/** Whose calls they are, and until when they are repeated. */
export interface CallScope {
  client: FoyerClient
  secret: () => string | undefined
  signal: AbortSignal
}

export interface Call {
  context: CallContext
  signal: AbortSignal
}

/** Sends a call with the scope's secret, and repeats it under one Idempotency-Key until it is through or the scope ends. */
export function send<T>(scope: CallScope, run: (call: Call) => Promise<T>, options?: RetryOptions): Promise<T> {
  const context = { authorization: scope.secret(), idempotencyKey: newKey() }
  return retry((signal) => run({ context, signal }), { signal: scope.signal, ...options })
}

/** What a connection has to say to the other side, through the server. */
export interface SessionSignaling extends PeerSignaling {
  /** This generation's connection is made: the server drops its offer, answer and candidates. */
  connected(generation: number): Promise<void>
}

/** The signals of one connection; the host names the client that it is with. */
export function signalingOf(scope: CallScope, name?: string): SessionSignaling {
  const { session } = scope.client
  const client = name === undefined ? {} : { client: name }
  return {
    offer: async ({ sdp, generation }) => {
      try {
        await send(scope, (call) => session.restart.mutate({ ...client, generation, offer: sdp }, call))
        return generation
      } catch (thrown) {
        const error = toFoyerError(thrown)
        if (error.rule === 'stale-generation') return null
        throw error
      }
    },
    answer: async ({ sdp, generation }) => {
      await send(scope, (call) => session.answer.mutate({ ...client, generation, answer: sdp }, call))
    },
    candidates: async (batch) => {
      await send(scope, (call) => session.sendCandidates.mutate({ ...client, ...batch }, call))
    },
    connected: async (generation) => {
      await send(scope, (call) => session.connected.mutate({ ...client, generation }, call))
    },
  }
}
