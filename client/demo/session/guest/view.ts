import type { FoyerError, JoinedSession, JoinProgress, JoinState } from '../../../index.ts'

export type Joined = JoinedSession<RTCPeerConnection, RTCDataChannel>

export interface GuestView {
  state: JoinState
  session: Joined | null
  /** The present connection's; a new one after the host reloaded. */
  peer: RTCPeerConnection | null
  /** The server is in reach. */
  online: boolean
  /** Why it ended, if not by our own will. */
  error: FoyerError | null
}

export type GuestEvent =
  | { type: 'progress'; progress: JoinProgress }
  | { type: 'joined'; session: Joined }
  | { type: 'peer'; peer: RTCPeerConnection }
  | { type: 'online'; online: boolean }

export const ASKING: GuestView = { state: 'asking', session: null, peer: null, online: true, error: null }

export function evolve(view: GuestView, event: GuestEvent): GuestView {
  switch (event.type) {
    case 'progress':
      return { ...view, state: event.progress.state, error: event.progress.error ?? null }
    case 'joined':
      return { ...view, session: event.session, peer: event.session.peer }
    case 'peer':
      return { ...view, peer: event.peer }
    case 'online':
      return { ...view, online: event.online }
  }
}
