import type { Signal } from '../shared/session/schema.ts'
import { type CallScope, send, signalingOf } from './calls.ts'
import { type FoyerError, toFoyerError } from './errors.ts'
import type { Feed } from './feed.ts'
import { type Link, openLink } from './link.ts'
import { childScope } from './polls.ts'
import { type ChannelLike, type IceServer, peerClass } from './rtc.ts'
import type { FeedState, SessionOptions } from './session.ts'
import type { Health } from './watch.ts'

/** One client of a hosted session, connected. */
export interface HostedPeer<P, C> {
  client: string
  /** Open: attach `message` listeners in the turn of the `peer` event, and nothing is missed. */
  channel: C
  peer: P
}

/** Somebody wants to join. */
export interface JoinRequest {
  client: string
}

/**
 * `closed`: the connection is over, and the client may come back to its seat; `left`: it gave its seat up, which a streaming
 * host may hear after its `closed`; `dropped`: the host took the seat; `replaced`: it came back with a new connection; `lost`: one that never opened.
 */
export type LeaveReason = 'left' | 'closed' | 'lost' | 'dropped' | 'replaced'

/** What a host hears of its session and its clients. */
export interface HostEvents<P, C> {
  /** Whether the server is in reach, and the session's end. */
  state: FeedState
  /** A client's channel is open: at first, and again after it came back. */
  peer: HostedPeer<P, C>
  /** A client asks to join, and `onRequest` decides. */
  request: JoinRequest
  /** A client's connection is over, or its seat given up. */
  left: { client: string; reason: LeaveReason }
  /** A client's connection fell silent, or is back. After `lost` no restart is tried any more: `drop` it, or let it come back. */
  health: { client: string; health: Health }
  /** Something went wrong with a client's connection or signals; nothing has to be done. */
  error: { client: string; error: FoyerError }
}

export interface GuestBookOptions<P, C extends ChannelLike> {
  options: SessionOptions<P, C> & { onRequest?: ((request: JoinRequest) => boolean | Promise<boolean>) | undefined }
  scope: CallScope
  ice: () => Promise<IceServer[]>
  emit: <K extends keyof HostEvents<P, C>>(event: K, value: HostEvents<P, C>[K]) => void
  feed: () => Pick<Feed, 'follow' | 'unfollow'>
}

type Offer = Extract<Signal, { kind: 'offer' }>

/** A client that was let in, or is being thought about. */
interface Guest<P, C extends ChannelLike> {
  client: string
  generation: number
  accepted: boolean
  link: Link<P, C> | null
  /** What came before there was a link. */
  early: Signal[]
  /** Ends the calls of its connection. */
  end: () => void
}

/** Twice a client's: so that it, and not both, restarts a connection that fell silent. */
const SILENCE_MS = 3_000
const ATTEMPT_MS = 20_000

/** Everybody who joins: asks the policy, connects, and keeps the open connections. */
export function guestBook<P, C extends ChannelLike>({ options, scope, ice, emit, feed }: GuestBookOptions<P, C>) {
  const Peer = peerClass(options)
  const guests = new Map<string, Guest<P, C>>()
  const peers = new Map<string, HostedPeer<P, C>>()
  const { onRequest, batchMs, silenceMs = SILENCE_MS, attemptMs = ATTEMPT_MS } = options
  const isHere = (guest: Guest<P, C>) => guests.get(guest.client) === guest && !scope.signal.aborted

  const receive = (signal: Signal) => {
    const guest = guests.get(signal.client)
    if (signal.kind === 'offer') offered(signal, guest)
    else if (guest === undefined) return
    else if (signal.kind === 'left') forget(guest, 'left')
    else if (guest.link === null) guest.early.push(signal)
    else guest.link.receive(signal)
  }

  const offered = (offer: Offer, known: Guest<P, C> | undefined) => {
    const { client, generation } = offer
    const newer = known !== undefined && generation > Math.max(known.generation, known.link?.generation() ?? 0)
    // A number that was seen may also be a new seat's first, after a connection that is over: then the server knows.
    if (known !== undefined && !newer && known.link !== null) return
    feed().follow(client)
    if (newer && offer.restart && known.link !== null) return known.link.receive(offer)
    const accepted = newer && known.accepted
    if (known !== undefined) disconnect(known, 'replaced')
    const guest: Guest<P, C> = { client, generation, accepted, link: null, early: [offer], end: () => {} }
    guests.set(client, guest)
    welcome(guest).catch((thrown: unknown) => emit('error', { client, error: toFoyerError(thrown) }))
  }

  const welcome = async (guest: Guest<P, C>) => {
    const { client } = guest
    const allowed = guest.accepted || (await asked({ client }))
    // It came again, or left, while somebody was thinking.
    if (!isHere(guest)) return
    if (!allowed) {
      guests.delete(client)
      feed().unfollow(client)
      return void (await send(scope, (call) => scope.client.session.decline.mutate({ client }, call)))
    }
    guest.accepted = true
    const iceServers = await ice()
    if (!isHere(guest)) return
    const link = connect(guest, { iceServers })
    for (const signal of guest.early.splice(0)) link.receive(signal)
  }

  const asked = async (request: JoinRequest) => {
    emit('request', request)
    return onRequest === undefined || (await onRequest(request))
  }

  const connect = (guest: Guest<P, C>, configuration: { iceServers: IceServer[] }): Link<P, C> => {
    const { client } = guest
    const calls = childScope(scope)
    const peer = new Peer(configuration)
    const signaling = signalingOf(calls.scope, client)
    const offer: typeof signaling.offer = (own) => {
      // Its answer is this connection's business, not the queue's.
      feed().follow(client)
      return signaling.offer(own)
    }
    const onHealth = (health: Health) => {
      if (health === 'lost' && !peers.has(client)) return disconnect(guest, 'lost')
      if (peers.has(client)) emit('health', { client, health })
    }
    const link = openLink<P, C>({
      peer,
      ice,
      signaling: { ...signaling, offer },
      polite: () => false,
      batchMs,
      silenceMs,
      attemptMs,
      onHealth,
      onSettled: () => feed().unfollow(client),
      onClosed: () => disconnect(guest, 'closed'),
      onReplaced: () => disconnect(guest, 'replaced'),
      onError: (error) => emit('error', { client, error }),
    })
    guest.link = link
    guest.end = calls.end
    link.opened.then(
      (channel) => {
        if (guest.link !== link) return
        const hosted = { client, channel, peer }
        peers.set(client, hosted)
        emit('peer', hosted)
      },
      () => {},
    )
    return link
  }

  /** Ends the connection; the client may come back with its secret, and is not asked about again. */
  const disconnect = (guest: Guest<P, C>, reason: LeaveReason) => {
    const { client, link } = guest
    guest.early = []
    if (link === null) return
    guest.generation = Math.max(guest.generation, link.generation())
    guest.link = null
    guest.end()
    link.close()
    feed().unfollow(client)
    if (peers.get(client)?.peer === link.peer) peers.delete(client)
    emit('left', { client, reason })
  }

  const forget = (guest: Guest<P, C>, reason: LeaveReason) => {
    // Without a connection, or with one that broke a moment ago, it is news all the same: its seat is free.
    if (guest.link === null) emit('left', { client: guest.client, reason })
    else disconnect(guest, reason)
    guests.delete(guest.client)
  }

  return {
    peers,
    receive,
    drop: (client: string) => {
      const guest = guests.get(client)
      if (guest !== undefined) forget(guest, 'dropped')
    },
    closeAll: () => {
      for (const guest of [...guests.values()]) forget(guest, 'closed')
    },
  }
}
