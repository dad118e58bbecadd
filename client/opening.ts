import { FoyerError } from './errors.ts'
import { limit, orAborted } from './retry.ts'
import type { ChannelLike, PeerEvent, PeerLike } from './rtc.ts'

/**
 * Watches for the data channel to open: the given one, or the first that the other side makes. Must be called before any
 * description is set, or the event may be missed. Rejects with `peer-failed` when channel or peer are closed before.
 */
export function opening<C extends ChannelLike>(peer: PeerLike<C>, own?: C): Promise<C> {
  const { promise, resolve, reject } = Promise.withResolvers<C>()
  const fail = () => reject(new FoyerError('peer-failed'))
  const watch = (channel: C) => {
    const check = () => {
      if (channel.readyState === 'open') resolve(channel)
    }
    channel.addEventListener('open', check)
    channel.addEventListener('close', fail)
    check()
  }
  if (own !== undefined) watch(own)
  else peer.addEventListener('datachannel', ({ channel }: PeerEvent<C>) => channel !== undefined && watch(channel))
  peer.addEventListener('connectionstatechange', () => peer.connectionState === 'closed' && fail())
  return handled(promise)
}

/** Rejects with `peer-failed` when the connection fails: for handshakes that cannot be repeated. */
export function failing<C extends ChannelLike>(peer: PeerLike<C>): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  peer.addEventListener('connectionstatechange', () => {
    if (peer.connectionState === 'failed') reject(new FoyerError('peer-failed'))
  })
  return handled(promise)
}

/** Whoever awaits it hears of the failure; a handshake that ends earlier must not leave it unhandled. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Resolves when all candidates are in the local description, or after `capMs`: some STUN servers never answer. */
export function gathered<C extends ChannelLike>(peer: PeerLike<C>, capMs = 2_000): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (peer.iceGatheringState === 'complete') done()
    }
    const done = () => {
      clearTimeout(timer)
      peer.removeEventListener('icegatheringstatechange', check)
      resolve()
    }
    const timer = setTimeout(done, capMs)
    peer.addEventListener('icegatheringstatechange', check)
    check()
  })
}

/** The promise's value, or the error after `ms`, or `aborted`. */
export async function within<T>(promise: Promise<T>, ms: number, options: { signal: AbortSignal; error: FoyerError }) {
  const { signal, end } = limit(ms, options.error, options.signal)
  try {
    return await orAborted(promise, signal)
  } finally {
    end()
  }
}
