import { Socket } from 'node:dgram'
import {
  RTCPeerConnection,
  type RTCLocalSessionDescriptionInit,
  type RTCPeerConnectionConfig,
  type SessionDescription,
} from 'werift'

// Bun tells an unconnected UDP socket that its packet was refused (a peer that is gone), where Node says nothing; werift
// listens for no error, so that each would end the process.
Socket.prototype.bind = new Proxy(Socket.prototype.bind, {
  apply: (bind, socket, args) => Reflect.apply(bind, socket, args).on('error', () => {}),
})

/** Loopback only: no interface's address, and a STUN server that answers nothing within the millisecond it is given. */
const LOOPBACK: RTCPeerConnectionConfig = {
  iceServers: [{ urls: 'stun:127.0.0.1:9' }],
  iceUseIpv4: false,
  iceUseIpv6: false,
  iceAdditionalHostAddresses: ['127.0.0.1'],
  iceStunGatherTimeout: 0.001,
}

type Description = Parameters<RTCPeerConnection['setRemoteDescription']>[0]
type Candidate = NonNullable<Parameters<RTCPeerConnection['addIceCandidate']>[0]>

/** Without werift's own count of restarts in each candidate. */
const uncounted = <T extends string | undefined>(text: T) => text?.replaceAll(/ generation \d+/g, '')

/**
 * werift 0.25.2 for tests, where it differs from browsers: with no ICE server it asks a public one; after an ICE restart
 * of a live connection it never starts the new checks, who answered one wants another negotiation, and both sides must have
 * counted the same number of restarts; and it calls ICE `completed` as soon as it has gathered.
 */
export class Werift extends RTCPeerConnection {
  constructor() {
    super(LOOPBACK)
  }

  override get iceConnectionState() {
    const state = super.iceConnectionState
    const paired = this.iceTransports.some(({ connection }) => connection.nominated !== undefined)
    return state === 'completed' && !paired ? 'checking' : state
  }

  override async setRemoteDescription(description: Description) {
    for (const transport of this.iceTransports) transport.onNegotiationNeeded.allUnsubscribe()
    await super.setRemoteDescription({ type: description.type, sdp: uncounted(description.sdp) })
    this.checkAgain()
  }

  override addIceCandidate(candidate?: Candidate | null) {
    return super.addIceCandidate(candidate ? { ...candidate, candidate: uncounted(candidate.candidate) } : candidate)
  }

  override setLocalDescription(description: { type: 'rollback' }): Promise<void>
  override setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<SessionDescription>
  override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<SessionDescription | void> {
    const described = await super.setLocalDescription(description)
    this.checkAgain()
    return described
  }

  private checkAgain() {
    if (this.signalingState !== 'stable') return
    for (const { state, iceTransport } of this.dtlsTransports) {
      const idle = iceTransport.state === 'new' || iceTransport.state === 'completed'
      if (state === 'connected' && idle) iceTransport.start().catch(() => {})
    }
  }
}
