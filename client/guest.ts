import type { CallScope } from './calls.ts'
import { clientOf } from './connect.ts'
import { emitter } from './emitter.ts'
import { type FoyerError, toFoyerError } from './errors.ts'
import { iceSource } from './ice.ts'
import { backoffMs, pause } from './retry.ts'
import type { ChannelLike } from './rtc.ts'
import { type Seat, type SeatContext, type SeatOptions, stillSeated, takeSeat } from './seat.ts'
import type { FeedState } from './session.ts'
import { seatTicket } from './ticket.ts'

/** `asking`: until the host answers. `rejoining`: with a new connection, since the old one cannot be restarted. */
export type JoinState = 'asking' | 'connecting' | 'open' | 'restarting' | 'rejoining' | 'ended'

export interface JoinProgress {
  state: JoinState
  /** Milliseconds since `joinSession` was called. */
  ms: number
  /** In `ended`: why, if not by our own `leave`. */
  error?: FoyerError | undefined
}

export type JoinOptions<P, C extends ChannelLike> = SeatOptions<P, C> & {
  /** Ends the joining with `aborted` and gives the seat back. Later `leave()` does. */
  signal?: AbortSignal | undefined
  /** As the event `state`, from the beginning. */
  onState?: ((progress: JoinProgress) => void) | undefined
}

export interface JoinEvents<P, C> {
  state: JoinProgress
  /** A new connection took the place of one that was lost: the host reloaded, or the network was away for long. */
  channel: { channel: C; peer: P }
  /** Whether the server is in reach; an open connection does not need it. */
  server: FeedState
  /** Something went wrong that ends nothing. */
  error: FoyerError
}

export interface JoinedSession<P, C> {
  readonly name: string
  readonly clientName: string
  readonly hostName: string
  /** The present connection's; see the event `channel`. */
  readonly channel: C
  readonly peer: P
  /** Listens; returns what stops it. */
  on<K extends keyof JoinEvents<P, C>>(event: K, listener: (value: JoinEvents<P, C>[K]) => void): () => void
  /** Gives the seat up and closes the connection. */
  leave(): Promise<void>
}

/** New connections in a row that came to nothing, after which it is over. */
const REJOINS = 5
/** Failures of a new connection that another try may mend. */
const MENDABLE: ReadonlySet<string> = new Set(['peer-failed', 'timeout', 'offline'])

/**
 * Seed 3's client: joins a session by name, over a WebRTC data channel to its host. A connection that falls silent is
 * restarted, one that is gone is made anew with the same seat; the server's absence closes nothing. Once it is open, one
 * stream or long-poll stays, for what the host has to say: a restart, or the end. Errors: `session-gone`, `declined`,
 * `client-name-taken`, `session-full`, `wrong-password`, `seat-gone`, `superseded` (another tab took the seat), `timeout`
 * (the host did not answer), `peer-failed`, `offline`, `aborted`.
 */
export async function joinSession<P = RTCPeerConnection, C extends ChannelLike = RTCDataChannel>(
  options: JoinOptions<P, C>,
): Promise<JoinedSession<P, C>> {
  const { name, clientName, store } = options
  const client = clientOf(options)
  const began = performance.now()
  const { on, emit } = emitter<JoinEvents<P, C>>()
  const ticket = seatTicket({ client, store, name, clientName })
  const life = new AbortController()
  const scope: CallScope = { client, secret: ticket.secret, signal: life.signal }

  const enter = (state: JoinState, error?: FoyerError) => {
    const progress = { state, ms: performance.now() - began, ...(error === undefined ? {} : { error }) }
    options.onState?.(progress)
    emit('state', progress)
  }
  const end = (error?: FoyerError) => {
    if (life.signal.aborted) return
    life.abort()
    seat?.close()
    ticket.over(error?.rule)
    enter('ended', error)
    emit('server', { state: 'ended', error })
  }

  const context: SeatContext<P, C> = {
    options,
    scope,
    ice: iceSource(client, options.iceServers),
    keep: ticket.keep,
    abandon: (secret) => void ticket.giveUp(secret),
    onAnswer: () => enter('connecting'),
    onHealth: (health) => (health === 'lost' ? void rejoin() : enter(health === 'connected' ? 'open' : 'restarting')),
    onOnline: (online) => emit('server', { state: online ? 'online' : 'offline' }),
    onEnd: end,
    onBroken: () => void rejoin(),
    onError: (error) => emit('error', error),
  }

  let rejoining = false
  let leaving = false
  const rejoin = async () => {
    if (rejoining || leaving || life.signal.aborted) return
    rejoining = true
    seat?.close()
    enter('rejoining')
    try {
      seat = await again(context)
      enter('open')
      emit('channel', { channel: seat.channel, peer: seat.peer })
    } catch (thrown) {
      end(toFoyerError(thrown))
    } finally {
      rejoining = false
    }
  }

  const abort = () => life.abort()
  if (options.signal?.aborted === true) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  let seat: Seat<P, C>
  try {
    enter('asking')
    seat = await takeSeat(context)
    enter('open')
  } catch (thrown) {
    const error = toFoyerError(thrown)
    life.abort()
    if (GIVEN_BACK.has(error.rule)) void ticket.giveUp()
    ticket.over(error.rule)
    enter('ended', error)
    throw error
  } finally {
    options.signal?.removeEventListener('abort', abort)
  }

  return {
    name,
    clientName,
    get hostName() {
      return seat.hostName
    },
    get channel() {
      return seat.channel
    },
    get peer() {
      return seat.peer
    },
    on,
    leave: async () => {
      leaving = true
      if (!life.signal.aborted) await ticket.giveUp()
      end()
    },
  }
}

/** Failures that leave a seat behind. */
const GIVEN_BACK: ReadonlySet<string> = new Set(['peer-failed', 'timeout', 'aborted'])

/** A new connection in the old one's seat, if it is still there; a failure that may pass is tried again, a few times. */
async function again<P, C extends ChannelLike>(context: SeatContext<P, C>): Promise<Seat<P, C>> {
  for (let failures = 0; ; failures++) {
    try {
      await stillSeated(context.scope)
      return await takeSeat(context)
    } catch (thrown) {
      const error = toFoyerError(thrown)
      if (!MENDABLE.has(error.rule) || failures >= REJOINS) throw error
      await pause(backoffMs(failures), context.scope.signal)
    }
  }
}
