import { FoyerError } from './errors.ts'
import { failing, gathered, handled, opening } from './opening.ts'
import { orAborted } from './retry.ts'
import { splitCandidates } from './sdp.ts'
import { type ChannelLike, type IceServer, type PeerLike, type PeerOptions, peerClass } from './rtc.ts'

/** One attempt at a connection by a single offer and a single answer, each with all its candidates in it. */
export interface Handshake<P, C extends ChannelLike> {
  peer: P & PeerLike<C>
  /** The local description, complete. */
  sdp: string
  /** The open channel; rejects with `peer-failed`. */
  opened: Promise<C>
  /**
   * Lets the guest's checks begin, once its answer counts. Until then it must send nothing: the packets of a third, who
   * answers the same offer and loses the join, would reach the host first and spoil its DTLS handshake with the second.
   */
  begin(): Promise<void>
}

export interface HandshakeContext {
  ice: () => Promise<IceServer[]>
  signal: AbortSignal
  label: string
}

/** Makes the peers of one `meet`, so that whichever is not used is closed with the attempt. */
export function handshakes<P, C extends ChannelLike>(
  options: PeerOptions<P, C>,
  { ice, signal, label }: HandshakeContext,
) {
  const Peer = peerClass(options)
  const peers = new Set<P & PeerLike<C>>()

  const make = async () => {
    const iceServers = await orAborted(ice(), signal)
    const peer = new Peer({ iceServers })
    peers.add(peer)
    return peer
  }

  /** The local description once it has its candidates: the mailbox carries one offer and one answer, and nothing after. */
  const describe = async (peer: PeerLike<C>): Promise<string> => {
    await orAborted(peerFault(peer.setLocalDescription()), signal)
    await orAborted(gathered(peer), signal)
    const sdp = peer.localDescription?.sdp
    if (sdp === undefined) throw new FoyerError('peer-failed', { message: 'The peer made no description' })
    return sdp
  }

  const open = (peer: PeerLike<C>, own?: C) => handled(Promise.race([opening(peer, own), failing(peer)]))

  const offer = async (): Promise<Handshake<P, C>> => {
    const peer = await make()
    const opened = open(peer, peer.createDataChannel(label))
    return { peer, opened, sdp: await describe(peer), begin: async () => {} }
  }

  const answer = async (sdp: string): Promise<Handshake<P, C>> => {
    const peer = await make()
    const opened = open(peer)
    const { bare, candidates } = splitCandidates(sdp)
    await peerFault(peer.setRemoteDescription({ type: 'offer', sdp: bare }))
    const begin = async () => {
      for (const candidate of candidates) await peer.addIceCandidate(candidate).catch(() => {})
    }
    return { peer, opened, sdp: await describe(peer), begin }
  }

  /** Closes every peer but this one. */
  const drop = (except?: P & PeerLike<C>) => {
    for (const peer of peers) if (peer !== except) peer.close()
    peers.clear()
    if (except !== undefined) peers.add(except)
  }

  return { offer, answer, drop }
}
export type Handshakes<P, C extends ChannelLike> = ReturnType<typeof handshakes<P, C>>

/** What the other side sent is not ours to trust: a description that cannot be used is a failed peer, not a bug. */
export const peerFault = <T>(promise: Promise<T>): Promise<T> =>
  promise.catch((cause: unknown) => {
    throw new FoyerError('peer-failed', { message: 'A description could not be used', cause })
  })
