import type { ServerOption } from './connect.ts'
import type { FoyerError } from './errors.ts'
import type { ChannelLike, PeerOptions } from './rtc.ts'

/** Where a tab keeps its secret over a reload: `sessionStorage` fits. One secret a key. */
export interface SecretStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export type SessionOptions<P, C extends ChannelLike> = ServerOption &
  PeerOptions<P, C> & {
    /**
     * How signals arrive. `stream` (default): server-sent events; where they cannot be opened, long-polls stand in for a
     * minute at a time. `poll`: long-polls only.
     */
    transport?: 'stream' | 'poll' | undefined
    /** Keeps the secret, so that a reloaded tab takes its session or seat over. Without one, the end of the page is the end. */
    store?: SecretStore | undefined
    /** How long candidates are gathered into one request, ms; default 50. */
    batchMs?: number | undefined
    /** How long ICE may be silent before it is restarted, and how long each attempt may take, ms; see client/watch.ts. */
    silenceMs?: number | undefined
    attemptMs?: number | undefined
  }

/** What `metadata` may hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** `offline`: the server is away and asked again with back-off; open connections are not touched by that. */
export interface FeedState {
  state: 'online' | 'offline' | 'ended'
  /** In `ended`: why, if not by our own `close` or `leave`. */
  error?: FoyerError | undefined
}

/** One secret in a store, or nowhere. A store that is full or forbidden is as good as none. */
export function keptSecret(store: SecretStore | undefined, key: string) {
  const attempt = <T>(use: () => T): T | null => {
    try {
      return use()
    } catch {
      return null
    }
  }
  return {
    read: () => attempt(() => store?.getItem(key)) ?? undefined,
    write: (secret: string) => void attempt(() => store?.setItem(key, secret)),
    clear: () => void attempt(() => store?.removeItem(key)),
  }
}

/** Calls back when the page goes away, where there is one; returns what forgets it. */
export function onPageHide(callback: () => void): () => void {
  globalThis.addEventListener?.('pagehide', callback)
  return () => globalThis.removeEventListener?.('pagehide', callback)
}

/** Last words are tried for this long, ms; what is not heard expires. */
export const FAREWELL_MS = 5_000
/** How long the server may be away when a session or seat is asked for, ms. */
export const OPEN_MS = 30_000
