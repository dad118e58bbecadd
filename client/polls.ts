import type { Signal } from '../shared/session/schema.ts'
import type { CallScope } from './calls.ts'
import { handled } from './opening.ts'
import { clientPage, connectionPage, pollChain, queuePage } from './poll.ts'

export interface PollsOptions {
  scope: CallScope
  side: 'host' | 'client'
  onSignal: (signal: Signal) => void
  onOnline: (online: boolean) => void
}

/** A scope that ends with its parent, or by itself. */
export function childScope(parent: CallScope): { scope: CallScope; end: () => void } {
  const own = new AbortController()
  return { scope: { ...parent, signal: AbortSignal.any([parent.signal, own.signal]) }, end: () => own.abort() }
}

/**
 * One side's long-polls. A client has one, of its own connection. A host has one of the join queue, which keeps its
 * session alive, and one more for each connection that is being made: none for those that are.
 */
export function openPolls({ scope: parent, side, onSignal, onOnline }: PollsOptions) {
  const { scope, end } = childScope(parent)
  const chains = new Map<string, () => void>()
  const ask = side === 'host' ? queuePage(scope) : clientPage(scope)
  const { promise: ended, reject } = Promise.withResolvers<never>()
  pollChain({ scope, ask, onSignal, onOnline }).catch((error) => !scope.signal.aborted && reject(error))

  const follow = (client: string) => {
    if (side === 'client' || chains.has(client)) return
    const chain = childScope(scope)
    chains.set(client, chain.end)
    // What ends a single connection's poll ends no more than that; the queue's poll says what is wrong with the session.
    pollChain({ scope: chain.scope, ask: connectionPage(scope, client), onSignal, onOnline: () => {} }).catch(() => {})
  }

  return {
    follow,
    unfollow: (client: string) => {
      chains.get(client)?.()
      chains.delete(client)
    },
    /** Rejects with what the server says against this side. */
    ended: handled(ended),
    close: end,
  }
}
export type Polls = ReturnType<typeof openPolls>
