import type { Signal } from '../shared/session/schema.ts'
import type { SessionSignaling } from './calls.ts'
import { type FoyerError, toFoyerError } from './errors.ts'
import { opening } from './opening.ts'
import { negotiation } from './peer.ts'
import type { ChannelLike, IceServer, PeerLike } from './rtc.ts'
import { type Health, watchPeer } from './watch.ts'

export interface LinkOptions<P, C extends ChannelLike> {
  peer: P & PeerLike<C>
  /** Fresh servers for a restart. */
  ice: () => Promise<IceServer[]>
  signaling: SessionSignaling
  polite: () => boolean
  /** Of the side that offers first, which makes the channel: its label. */
  label?: string | undefined
  /** See client/watch.ts; the host waits longer, so that the two do not restart at the same time. */
  silenceMs?: number | undefined
  attemptMs?: number | undefined
  batchMs?: number | undefined
  onHealth?: ((health: Health) => void) | undefined
  /** Connected, and every offer is answered: there is nothing to hear of it until the next. */
  onSettled?: (() => void) | undefined
  /** The channel was open and is not any more: no restart brings it back. */
  onClosed: () => void
  /** The other side is another peer now (see client/peer.ts). */
  onReplaced: () => void
  onError: (error: FoyerError) => void
}

/** How long the candidates of a restart have, once it is answered, before it counts as made. */
const SETTLE_MS = 2_000

/** One connection of a session: its peer, negotiated, watched and reported to the server once it is made. */
export function openLink<P, C extends ChannelLike>(options: LinkOptions<P, C>) {
  const { peer, ice, signaling, polite, label, batchMs, silenceMs, attemptMs, onError, onReplaced } = options
  let closed = false
  /** The newest generation that was reported as connected. */
  let reported = 0
  let settling: ReturnType<typeof setTimeout> | undefined
  const opened = opening(peer, label === undefined ? undefined : peer.createDataChannel(label))
  const talks = negotiation({
    peer,
    signaling,
    polite,
    batchMs,
    onError,
    onReplaced: () => !closed && onReplaced(),
    // A restart of a connection that has recovered meanwhile changes no ICE state that would tell.
    onDone: () => {
      clearTimeout(settling)
      settling = setTimeout(settle, SETTLE_MS)
    },
  })

  const report = () => {
    reported = talks.generation()
    talks.connected()
    signaling.connected(reported).catch((thrown: unknown) => !closed && onError(toFoyerError(thrown)))
  }

  /** Only who offered a restart reports its end: it has the answer, so nothing is dropped that somebody still needs. */
  const settle = () => {
    if (closed || !talks.done() || watch.health() !== 'connected') return
    talks.connected()
    if (talks.mine() && reported < talks.generation()) report()
    options.onSettled?.()
  }

  const restart = async () => {
    const iceServers = await ice()
    if (closed) return
    peer.setConfiguration({ iceServers })
    await talks.restart()
  }

  const watch = watchPeer({
    peer,
    silenceMs,
    attemptMs,
    restart: () => void restart(),
    onHealth: (health) => !closed && options.onHealth?.(health),
    onGood: settle,
  })

  opened.then(
    (channel) => {
      channel.addEventListener('close', () => !closed && options.onClosed())
      watch.open()
      report()
      settle()
    },
    () => {},
  )

  return {
    peer,
    opened,
    /** Makes the first offer. */
    offer: () => talks.offer(),
    receive: (signal: Signal) => {
      if (signal.kind !== 'offer' && signal.kind !== 'answer' && signal.kind !== 'candidates') return
      // Until there is an answer a person may be thinking about it; from then on it is the network's turn.
      if (signal.kind !== 'candidates') watch.begin()
      void talks.receive(signal)
    },
    generation: () => talks.generation(),
    health: () => watch.health(),
    close: () => {
      if (closed) return
      closed = true
      clearTimeout(settling)
      watch.stop()
      talks.close()
      peer.close()
    },
  }
}
export type Link<P, C extends ChannelLike> = ReturnType<typeof openLink<P, C>>
