import { type CallScope, send } from './calls.ts'
import { clientOf, type FoyerClient } from './connect.ts'
import { emitter } from './emitter.ts'
import { type FoyerError, toFoyerError } from './errors.ts'
import { type Feed, openFeed } from './feed.ts'
import { guestBook, type HostEvents, type HostedPeer, type JoinRequest } from './guests.ts'
import { iceSource } from './ice.ts'
import type { ChannelLike } from './rtc.ts'
import { FAREWELL_MS, type Json, keptSecret, onPageHide, OPEN_MS, type SessionOptions } from './session.ts'

export type HostOptions<P, C extends ChannelLike> = SessionOptions<P, C> & {
  hostName: string
  /** Unique among live sessions; made by the service when left out. */
  name?: string | undefined
  /** `public`: in `session.list`. Default `private`: joined by who knows the name. */
  visibility?: 'public' | 'private' | undefined
  /** What the list shows of the session: a small JSON object. */
  metadata?: Record<string, Json> | undefined
  maxClients?: number | undefined
  password?: string | undefined
  /** Who may come in; default everybody. Asked once a client: coming back with its secret is no new request. */
  onRequest?: ((request: JoinRequest) => boolean | Promise<boolean>) | undefined
  /** Ends the opening of the session with `aborted`; an open one is ended by `close()`. */
  signal?: AbortSignal | undefined
}

export interface HostedSession<P, C> {
  readonly name: string
  /** Bearer token of the host. */
  readonly secret: string
  /** True: this tab took over the session that the store's secret belongs to. */
  readonly resumed: boolean
  readonly maxClients: number
  /** The open connections, by client name. */
  readonly peers: ReadonlyMap<string, HostedPeer<P, C>>
  /** Listens; returns what stops it. */
  on<K extends keyof HostEvents<P, C>>(event: K, listener: (value: HostEvents<P, C>[K]) => void): () => void
  /** Takes a client's seat away and closes its connection. Errors: `seat-gone`, `aborted`. */
  drop(client: string, reason?: string): Promise<void>
  /** Ends the session and every connection. */
  close(): Promise<void>
}

/**
 * Seed 3's host: opens a session and connects whoever joins. The server only introduces: while it is away, open connections
 * stay, and it is asked again with back-off until `close`. Another tab that takes over with the same secret ends this one
 * with `superseded`, and its connections too, so that the clients come to the new tab; there is no fight. Errors:
 * `name-taken`,
 * `bad-request`, `offline`, `aborted`.
 */
export async function hostSession<P = RTCPeerConnection, C extends ChannelLike = RTCDataChannel>(
  options: HostOptions<P, C>,
): Promise<HostedSession<P, C>> {
  const client = clientOf(options)
  const kept = keptSecret(options.store, `foyer:host:${options.name ?? ''}`)
  const { name, secret, resumed, maxClients } = await open(client, options, kept)
  kept.write(secret)

  const life = new AbortController()
  const scope: CallScope = { client, secret: () => secret, signal: life.signal }
  const { on, emit } = emitter<HostEvents<P, C>>()
  const ice = iceSource(client, options.iceServers)
  const guests = guestBook<P, C>({ options, scope, ice, emit, feed: () => feed })
  const feed: Feed = openFeed({
    scope,
    side: 'host',
    transport: options.transport ?? 'stream',
    onSignal: guests.receive,
    onOnline: (online) => emit('state', { state: online ? 'online' : 'offline' }),
    onEnd: (error) => end(error),
  })

  /** Whatever the server says, open connections stay, except where another tab wants them. */
  const end = (error?: FoyerError) => {
    if (life.signal.aborted) return
    forgetPage()
    feed.close()
    if (error === undefined || error.rule === 'superseded') guests.closeAll()
    // A superseded tab leaves the store alone: it is the new tab's now.
    if (error?.rule !== 'superseded') kept.clear()
    life.abort()
    emit('state', { state: 'ended', error })
  }
  const farewell = () =>
    client.session.close.mutate(undefined, { context: { authorization: secret, keepalive: true } }).catch(() => {})
  const forgetPage = options.store === undefined ? onPageHide(() => void farewell()) : () => {}

  // The server first, then the connection: a client whose connection is closed asks the server why, and must hear it.
  const close = async () => {
    feed.close()
    await send(scope, (call) => client.session.close.mutate(undefined, call), { deadlineMs: FAREWELL_MS }).catch(
      () => {},
    )
    end()
  }
  const drop = async (who: string, reason?: string) => {
    const input = { client: who, ...(reason === undefined ? {} : { reason }) }
    await send(scope, (call) => client.session.drop.mutate(input, call))
    guests.drop(who)
  }
  return { name, secret, resumed, maxClients, peers: guests.peers, on, drop, close }
}

/** `session.host`, with the kept secret if there is one; one that is of no use any more is forgotten. */
async function open<P, C extends ChannelLike>(
  client: FoyerClient,
  options: HostOptions<P, C>,
  kept: ReturnType<typeof keptSecret>,
) {
  const { hostName, name, visibility, metadata, maxClients, password } = options
  const input = { hostName, name, visibility, metadata, maxClients, password }
  const signal = options.signal ?? new AbortController().signal
  const secret = kept.read()
  const ask = (authorization?: string) =>
    send({ client, signal, secret: () => authorization }, (call) => client.session.host.mutate(input, call), {
      deadlineMs: OPEN_MS,
    })
  try {
    return await ask(secret)
  } catch (thrown) {
    if (secret === undefined || toFoyerError(thrown).rule !== 'wrong-secret') throw thrown
    kept.clear()
    return ask()
  }
}
