import { arrange } from './arrange.ts'
import { clientOf, type ServerOption } from './connect.ts'
import { FoyerError, toFoyerError } from './errors.ts'
import { handshakes } from './handshake.ts'
import { iceSource } from './ice.ts'
import { knocking } from './knock.ts'
import { within } from './opening.ts'
import { limit } from './retry.ts'
import type { ChannelLike, PeerOptions } from './rtc.ts'

/** What `meet` is doing, in this order; the host waits where the guest answers. `closed` comes after `open`, or instead of it. */
export type MeetState = 'gathering' | 'knocking' | 'waiting' | 'answering' | 'connecting' | 'open' | 'closed'

export interface MeetProgress {
  state: MeetState
  /** Milliseconds since `meet` was called. */
  ms: number
  /** In `closed`: why it never opened. In another state, told again: what was wrong with a request that is being repeated. */
  error?: FoyerError | undefined
}

export type MeetOptions<P, C extends ChannelLike> = ServerOption &
  PeerOptions<P, C> & {
    /** Ends the attempt with `aborted` and gives the room back. An open connection is ended by its `close()`. */
    signal?: AbortSignal | undefined
    /** How long to wait for somebody, ms; default 5 minutes. */
    deadlineMs?: number | undefined
    /** How long the connection may take once offer and answer are exchanged, ms; default 30 s. */
    connectMs?: number | undefined
    /** The data channel's label; the host's counts. */
    label?: string | undefined
    onState?: ((progress: MeetProgress) => void) | undefined
  }

export interface Meeting<P, C> {
  /** The host came first, and made the offer and the channel. */
  role: 'host' | 'guest'
  /** Open: attach `message` listeners in the turn that `meet` resolves in, and nothing is missed. */
  channel: C
  peer: P
  close(): void
}

const DEADLINE_MS = 5 * 60_000
const CONNECT_MS = 30_000

/**
 * Seed 1's client: meets whoever else calls `meet` with this room's name, over a WebRTC data channel. It always ends: with
 * an open channel as host or guest, or with a FoyerError: `room-full` (two others have met here), `timeout` (nobody came),
 * `offline` (no server), `peer-failed` (no way between the two networks), `aborted`.
 *
 * `keep` is a chain of long-polls and needs no timer, so a waiting host in a hidden tab goes on; every request is repeated
 * under its Idempotency-Key, so a lost request or reply and a restart of the server cost time only.
 */
export async function meet<P = RTCPeerConnection, C extends ChannelLike = RTCDataChannel>(
  room: string,
  options: MeetOptions<P, C>,
): Promise<Meeting<P, C>> {
  const { deadlineMs = DEADLINE_MS, connectMs = CONNECT_MS, label = 'foyer' } = options
  const began = performance.now()
  let doing: MeetState | null = null
  const report = (state: MeetState, error?: FoyerError) =>
    options.onState?.({ state, ms: performance.now() - began, ...(error === undefined ? {} : { error }) })
  const enter = (state: MeetState) => {
    if (state === doing) return
    doing = state
    report(state)
  }

  const client = clientOf(options)
  const scope = limit(undefined, new FoyerError('aborted'), options.signal)
  const { signal } = scope
  const onRetry = (error: FoyerError) => doing !== null && report(doing, error)
  const knock = knocking(client, { room, signal, onRetry })
  const hands = handshakes(options, { ice: iceSource(client, options.iceServers), signal, label })
  const leftMs = () => began + deadlineMs - performance.now()

  try {
    const { role, hand } = await arrange({ knock, hands, enter, signal, leftMs })
    enter('connecting')
    const error = new FoyerError('peer-failed', { message: `There was no connection within ${connectMs} ms` })
    const channel = await within(hand.opened, connectMs, { signal, error })
    const { peer } = hand
    channel.addEventListener('close', () => enter('closed'))
    const close = () => {
      channel.close()
      peer.close()
      enter('closed')
    }
    enter('open')
    return { role, channel, peer, close }
  } catch (thrown) {
    hands.drop()
    const error = toFoyerError(thrown)
    report('closed', error)
    throw error
  } finally {
    scope.end()
  }
}
