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
