import type { FoyerError, Health, HostedPeer, HostedSession, LeaveReason } from '../../../index.ts'

export type Peer = HostedPeer<RTCPeerConnection, RTCDataChannel>
export type Hosted = HostedSession<RTCPeerConnection, RTCDataChannel>

/** Somebody who joins or has joined. `gone`: the connection is over, and the seat waits for its client to come back. */
export interface Guest {
  client: string
  state: 'asks' | 'connecting' | 'open' | 'restarting' | 'silent' | 'gone'
  peer?: Peer
  /** In `asks`: lets them in, or not. */
  decide?: (accept: boolean) => void
}

export interface HostView {
  session: Hosted | null
  /** The server is in reach. */
  online: boolean
  /** Ask before somebody comes in. */
  asks: boolean
  guests: readonly Guest[]
  /** It is over; `error`: not by our own will. */
  over: { error: FoyerError | null } | null
}

export type HostEvent =
  | { type: 'opened'; session: Hosted }
  | { type: 'online'; online: boolean }
  | { type: 'asks'; asks: boolean }
  | { type: 'over'; error: FoyerError | null }
  | { type: 'guest'; guest: Guest }
  | { type: 'health'; client: string; health: Health }
  | { type: 'left'; client: string; reason: LeaveReason }

export const OPENING: HostView = { session: null, online: true, asks: true, guests: [], over: null }

const STATE_OF = { connecting: 'connecting', connected: 'open', restarting: 'restarting', lost: 'silent' } as const

export function evolve(view: HostView, event: HostEvent): HostView {
  switch (event.type) {
    case 'opened':
      return { ...view, session: event.session }
    case 'online':
      return { ...view, online: event.online }
    case 'asks':
      return { ...view, asks: event.asks }
    case 'over':
      return { ...view, over: { error: event.error }, guests: [] }
    case 'guest':
      return { ...view, guests: put(view.guests, event.guest) }
    case 'health': {
      const guest = view.guests.find(({ client }) => client === event.client)
      return guest === undefined
        ? view
        : { ...view, guests: put(view.guests, { ...guest, state: STATE_OF[event.health] }) }
    }
    case 'left':
      return { ...view, guests: left(view.guests, event) }
  }
}

const put = (guests: readonly Guest[], guest: Guest): readonly Guest[] =>
  guests.some(({ client }) => client === guest.client)
    ? guests.map((one) => (one.client === guest.client ? guest : one))
    : [...guests, guest]

function left(guests: readonly Guest[], { client, reason }: { client: string; reason: LeaveReason }): readonly Guest[] {
  // Only then the seat is free; else its client may come back to it.
  if (reason === 'left' || reason === 'dropped') return guests.filter((one) => one.client !== client)
  return put(guests, { client, state: reason === 'replaced' ? 'connecting' : 'gone' })
}
