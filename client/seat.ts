import type { Signal } from '../shared/session/schema.ts'
import { type Call, type CallScope, send, signalingOf } from './calls.ts'
import { FoyerError, toFoyerError } from './errors.ts'
import { type Feed, openFeed } from './feed.ts'
import { type Link, openLink } from './link.ts'
import { handled, within } from './opening.ts'
import { childScope } from './polls.ts'
import { type ChannelLike, type IceServer, peerClass } from './rtc.ts'
import { OPEN_MS, type SessionOptions } from './session.ts'
import type { Health } from './watch.ts'

export type SeatOptions<P, C extends ChannelLike> = SessionOptions<P, C> & {
  /** The session's name. */
  name: string
  /** Unique within the session. */
  clientName: string
  password?: string | undefined
  /** The data channel's label. */
  label?: string | undefined
  /** How long the host may take to answer and connect, ms; default 2 minutes: then the server forgets the request. */
  deadlineMs?: number | undefined
}

export interface SeatContext<P, C extends ChannelLike> {
  options: SeatOptions<P, C>
  scope: CallScope
  /** The seat's secret changes with each join; undefined: the kept one is of no use. */
  keep: (secret: string | undefined) => void
  /** Gives up a seat that came when nobody wanted it any more. */
  abandon: (secret: string) => void
  ice: () => Promise<IceServer[]>
  /** The host answered: from now on it is the network's turn. */
  onAnswer: () => void
  onHealth: (health: Health) => void
  onOnline: (online: boolean) => void
  /** The host, or another tab, took the seat or ended the session. */
  onEnd: (error: FoyerError) => void
  /** The open connection is gone, and no restart brings it back. */
  onBroken: () => void
  /** Something went wrong that ends nothing. */
  onError: (error: FoyerError) => void
}

/** A seat with an open connection. */
export interface Seat<P, C extends ChannelLike> {
  peer: P
  channel: C
  hostName: string
  close(): void
}

const DEADLINE_MS = 2 * 60_000
/** What every call of a client hears whose seat is over. */
const OVER: ReadonlySet<string> = new Set(['seat-gone', 'session-gone'])

/**
 * Takes a seat with a new peer: joins with its offer, or takes the seat again where the scope's secret has one, and
 * resolves when the channel is open. Errors: as `joinSession`.
 */
export async function takeSeat<P, C extends ChannelLike>(context: SeatContext<P, C>): Promise<Seat<P, C>> {
  const { options, abandon, keep, ice, onAnswer, onBroken, onEnd, onError, onHealth, onOnline } = context
  const { scope, end } = childScope(context.scope)
  const refused = Promise.withResolvers<never>()
  const now: { open: boolean; feed?: Feed; polite?: boolean; hostName?: string } = { open: false }
  /** Before the channel is open, whatever ends something is a failure to join. */
  const either = (then: (error: FoyerError) => void) => (error: FoyerError) =>
    now.open ? then(error) : refused.reject(error)

  const onSignal = (signal: Signal) => {
    const error = endOf(signal)
    if (error !== null) return either(onEnd)(error)
    if (signal.kind === 'answer' && !now.open) onAnswer()
    link.receive(signal)
  }
  const listen = () =>
    openFeed({
      scope,
      side: 'client',
      transport: options.transport ?? 'stream',
      onSignal,
      onOnline,
      // A connection needs no server: without its seat it merely cannot be made again.
      onEnd: (error) => either(error.rule === 'superseded' ? onEnd : onError)(error),
    })

  const signaling = signalingOf(scope)
  const offer: typeof signaling.offer = async ({ sdp, generation }) => {
    if (now.feed !== undefined) return signaling.offer({ sdp, generation })
    // Not cut off by an abort: the server may have given the seat already, and only the reply says how to give it back.
    const lasting: CallScope = { ...scope, signal: new AbortController().signal }
    const reply = await join({ options, scope: lasting, keep }, sdp)
    if (scope.signal.aborted) {
      abandon(reply.secret)
      throw new FoyerError('aborted')
    }
    now.polite = reply.polite
    now.hostName = reply.hostName
    keep(reply.secret)
    now.feed = listen()
    return reply.generation
  }

  const Peer = peerClass(options)
  const link: Link<P, C> = openLink<P, C>({
    peer: new Peer({ iceServers: await ice() }),
    ice,
    signaling: { ...signaling, offer },
    polite: () => now.polite ?? true,
    label: options.label ?? 'foyer',
    batchMs: options.batchMs,
    silenceMs: options.silenceMs,
    attemptMs: options.attemptMs,
    onHealth: (health) => {
      if (now.open) onHealth(health)
      else if (health === 'lost') refused.reject(new FoyerError('peer-failed'))
    },
    onClosed: onBroken,
    onReplaced: () => either(onBroken)(new FoyerError('peer-failed')),
    onError: (error) => {
      // Why the seat is gone, the feed knows: a call of the link may only be the first to meet it.
      const feedWill = !now.open && now.feed !== undefined && OVER.has(error.rule)
      if (!feedWill) either(onError)(error)
    },
  })
  const close = () => {
    end()
    now.feed?.close()
    link.close()
  }

  try {
    void link.offer()
    const late = new FoyerError('timeout', { message: 'The host did not answer in time' })
    const first = Promise.race([link.opened, handled(refused.promise)])
    const channel = await within(first, options.deadlineMs ?? DEADLINE_MS, { signal: scope.signal, error: late })
    now.open = true
    return { peer: link.peer, channel, hostName: now.hostName ?? '', close }
  } catch (error) {
    close()
    throw error
  }
}

type Joining<P, C extends ChannelLike> = Pick<SeatContext<P, C>, 'options' | 'scope' | 'keep'>

/** `session.join`, with the seat's secret if there is one; one that is of no use any more is forgotten. */
async function join<P, C extends ChannelLike>({ options, scope, keep }: Joining<P, C>, offer: string) {
  const { name, clientName, password } = options
  const input = { name, clientName, password, offer }
  const ask = () => send(scope, (call) => scope.client.session.join.mutate(input, call), { deadlineMs: OPEN_MS })
  try {
    return await ask()
  } catch (thrown) {
    if (scope.secret() === undefined || toFoyerError(thrown).rule !== 'wrong-secret') throw thrown
    keep(undefined)
    return ask()
  }
}

/** Throws why the seat is over, if it is: asked before it is taken again, since a plain join would take a new one. */
export async function stillSeated(scope: CallScope): Promise<void> {
  const look = (call: Call) => scope.client.session.candidates.query({ wait: 0 }, call)
  const { signals } = await send(scope, look, { deadlineMs: OPEN_MS })
  for (const signal of signals) {
    const error = endOf(signal)
    if (error !== null) throw error
  }
}

/** The signals that end a seat, as the error they are to its client. */
function endOf(signal: Signal): FoyerError | null {
  if (signal.kind === 'declined') return new FoyerError('declined', { message: signal.reason ?? undefined })
  if (signal.kind === 'dropped') return new FoyerError('seat-gone', { message: signal.reason ?? undefined })
  return signal.kind === 'closed' ? new FoyerError('session-gone') : null
}
