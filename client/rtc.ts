import type { Candidate } from '../shared/session/schema.ts'

/** What this library uses of RTCDataChannel. */
export interface ChannelLike {
  readonly readyState: string
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
  close(): void
}

export interface IceServer {
  urls: string | string[]
  username?: string
  credential?: string
}

/** The part of RTCIceCandidate that travels. */
export interface CandidateLike {
  readonly candidate: string
  readonly sdpMid?: string | null | undefined
  readonly sdpMLineIndex?: number | null | undefined
  readonly usernameFragment?: string | null | undefined
}

/** `icecandidate` has a candidate (null: that was all), `datachannel` a channel, the others neither. */
export interface PeerEvent<C extends ChannelLike> {
  readonly type?: string
  readonly candidate?: CandidateLike | null | undefined
  readonly channel?: C
}

/**
 * What this library uses of RTCPeerConnection (W3C WebRTC 1.0 §4.4). Structural, so that the browser's class and those of
 * libraries for Bun and Node fit as they are; events by `addEventListener`, since the `on…` properties are the application's.
 */
export interface PeerLike<C extends ChannelLike> {
  readonly signalingState: string
  readonly connectionState: string
  readonly iceConnectionState: string
  readonly iceGatheringState: string
  readonly localDescription: { readonly sdp: string } | null
  createDataChannel(label: string): C
  setLocalDescription(): Promise<unknown>
  setRemoteDescription(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void>
  addIceCandidate(candidate: Candidate | null): Promise<void>
  restartIce(): void
  setConfiguration(configuration: { iceServers: IceServer[] }): void
  addEventListener(type: string, listener: (event: PeerEvent<C>) => void): void
  removeEventListener(type: string, listener: (event: PeerEvent<C>) => void): void
  close(): void
}

/** The class to make peers of: the browser's RTCPeerConnection, or one for Bun (werift, node-datachannel, …). */
export type PeerClass<P> = new (configuration: { iceServers: IceServer[] }) => P

/** A candidate as it is sent: plain, without what the browser's object has besides. */
export const plainCandidate = ({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: CandidateLike): Candidate => ({
  candidate,
  sdpMid,
  sdpMLineIndex,
  usernameFragment,
})

/** What every function that makes peers takes. */
export interface PeerOptions<P, C extends ChannelLike> {
  /** The class to make peers of; absent: the browser's. */
  RTCPeerConnection?: PeerClass<P & PeerLike<C>> | undefined
  /** Instead of the server's `ice.servers`; `[]`: none, which is enough on one machine or one network. */
  iceServers?: IceServer[] | undefined
}

/** The class that the options name, or the browser's own. Throws where there is neither. */
export function peerClass<P, C extends ChannelLike>(options: PeerOptions<P, C>): PeerClass<P & PeerLike<C>> {
  if (options.RTCPeerConnection !== undefined) return options.RTCPeerConnection
  if (globalThis.RTCPeerConnection === undefined)
    throw new TypeError('There is no RTCPeerConnection here: pass one as the option RTCPeerConnection')
  // edge: without the option P and C are their defaults, which are the types of exactly this class
  return globalThis.RTCPeerConnection as unknown as PeerClass<P & PeerLike<C>>
}
