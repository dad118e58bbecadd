import type { Signal } from '../shared/session/schema.ts'
import type { CallScope } from './calls.ts'
import { readSubscription, type StreamEnd } from './subscription.ts'

export type { StreamEnd } from './subscription.ts'

export interface StreamOptions {
  scope: CallScope
  /** After which signal to begin. */
  cursor: string | undefined
  onOpen: () => void
  onSignal: (signal: Signal, cursor: string) => void
  /** How long the stream may take to open, ms; some proxies hold the first bytes back for ever. */
  openMs?: number
}

/** Reads `session.events` from a cursor until something is wrong with it, and says what. */
export const readStream = ({ scope, cursor, onOpen, onSignal, openMs }: StreamOptions): Promise<StreamEnd> =>
  readSubscription<{ id: string; data: Signal }>({
    subscribe: (handlers) =>
      scope.client.session.events.subscribe(
        { lastEventId: cursor },
        { context: { authorization: scope.secret() }, ...handlers },
      ),
    onOpen,
    onData: ({ id, data }) => onSignal(data, id),
    signal: scope.signal,
    openMs,
  })
