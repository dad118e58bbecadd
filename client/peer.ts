import type { Signal } from '../shared/session/schema.ts'
import { FoyerError, toFoyerError } from './errors.ts'
import { peerFault } from './handshake.ts'
import { remoteCandidates } from './remote.ts'
import type { ChannelLike, PeerEvent, PeerLike } from './rtc.ts'
import { type CandidateBatch, trickle } from './trickle.ts'

/** The signals that make or change one connection. */
export type PeerSignal = Extract<Signal, { kind: 'offer' | 'answer' | 'candidates' }>

/** How one side's signals reach the other. Each call repeats itself until it is through, or rejects. */
export interface PeerSignaling {
  /**
   * Claims `generation` for my offer. The number that was granted, or null: the other side's offer came first, and is on
   * its way to me.
   */
  offer(offer: { sdp: string; generation: number }): Promise<number | null>
  answer(answer: { sdp: string; generation: number }): Promise<void>
  candidates(batch: CandidateBatch): Promise<void>
}

export interface NegotiationOptions<C extends ChannelLike> {
  peer: PeerLike<C>
  signaling: PeerSignaling
  /** Whether this side gives way when two offers meet; the server says so when it joins. */
  polite: () => boolean
  /** How long candidates are gathered into one request, ms; default 50. */
  batchMs?: number | undefined
  /** A description could not be made, sent or used. The connection, if there is one, stays. */
  onError: (error: FoyerError) => void
  /** The newest offer is answered, by either side. */
  onDone?: (() => void) | undefined
  /** The answer came from another peer than before (the host reloaded): this connection cannot be continued, only replaced. */
  onReplaced: () => void
}

const BATCH_MS = 50

/**
 * Perfect negotiation (W3C WebRTC 1.0 §10.7) over signals that are numbered: each offer claims the next generation, and the
 * server grants it to one. So the polite side gives way at once when an offer meets its own, the impolite one holds it until
 * its claim is decided; both end with the same pair of descriptions. What belongs to an older generation is dropped, what
 * is early waits, and what is repeated changes nothing, so signals may come again in any order.
 */
export function negotiation<C extends ChannelLike>(options: NegotiationOptions<C>) {
  const { peer, signaling, polite, onError, onReplaced, batchMs = BATCH_MS } = options
  /** Of the newest offer that counts, mine or theirs. */
  let generation = 0
  let mine = false
  let answered = 0
  let claim: { sdp: string; generation: number } | null = null
  let held: Offer | null = null
  let identity: string | null = null
  let needed = false
  let closed = false
  let running = 0
  let tail: Promise<void> = Promise.resolve()
  const remote = remoteCandidates((candidate) => peer.addIceCandidate(candidate))
  const fail = (thrown: unknown) => {
    const error = toFoyerError(thrown)
    if (!closed && !OVERTAKEN.has(error.rule)) onError(error)
  }
  const local = trickle({ batchMs, send: (batch) => signaling.candidates(batch).catch(fail) })

  /** One step after the other: descriptions must not be changed by two at once. */
  const run = (step: () => Promise<void>): Promise<void> => {
    running++
    tail = tail
      .then(() => (closed ? undefined : step()))
      .catch(fail)
      .then(() => {
        running--
        renegotiate()
      })
    return tail
  }

  const describe = async (): Promise<string> => {
    local.hold()
    await peerFault(peer.setLocalDescription())
    needed = false
    return peer.localDescription?.sdp ?? ''
  }

  const makeOffer = async () => {
    if (claim !== null) return
    const staked = { sdp: await describe(), generation: generation + 1 }
    claim = staked
    // Not within the step: an answer or another offer may come before the reply does.
    void signaling.offer(staked).then(
      (granted) => run(() => settle(staked, granted)),
      (error: unknown) => {
        if (claim === staked) claim = null
        fail(error)
      },
    )
  }

  const settle = async (staked: typeof claim, granted: number | null) => {
    if (claim !== staked) return
    if (granted !== null) grant(granted)
    claim = null
    await answerHeld()
  }

  const answerHeld = async () => {
    const offer = held
    held = null
    if (offer !== null && offer.generation > generation) await answer(offer)
  }

  const grant = (granted: number) => {
    generation = granted
    mine = true
    if (claim !== null) local.begin(granted, claim.sdp)
    claim = null
  }

  const takeOffer = async (offer: Offer) => {
    if (offer.generation <= generation) return
    if (claim !== null && !polite()) {
      held = offer
      return
    }
    claim = null
    await answer(offer)
  }

  const answer = async (offer: Offer) => {
    if (isReplaced(offer.offer)) return onReplaced()
    // Rolls my own offer back, if there is one.
    await peerFault(peer.setRemoteDescription({ type: 'offer', sdp: offer.offer }))
    generation = offer.generation
    mine = false
    const sdp = await describe()
    answered = generation
    local.begin(generation, sdp)
    void signaling.answer({ sdp, generation }).catch(fail)
    await remote.described(generation)
    options.onDone?.()
  }

  const takeAnswer = async ({ answer: sdp, generation: theirs }: Answer) => {
    // It overtook the reply to the claim, or that reply was lost.
    if (claim?.generation === theirs) grant(theirs)
    if (theirs !== generation || peer.signalingState !== 'have-local-offer') return
    if (isReplaced(sdp)) return onReplaced()
    await peerFault(peer.setRemoteDescription({ type: 'answer', sdp }))
    answered = generation
    await remote.described(generation)
    options.onDone?.()
    await answerHeld()
  }

  const isReplaced = (sdp: string) => {
    const theirs = fingerprints(sdp)
    const replaced = identity !== null && identity !== theirs
    identity ??= theirs
    return replaced
  }

  const renegotiate = () => {
    const idle = running === 0 && claim === null && peer.signalingState === 'stable'
    if (needed && idle && generation > 0 && !closed) void run(makeOffer)
  }

  const onNeeded = () => {
    needed = true
    renegotiate()
  }
  const onCandidate = ({ candidate }: PeerEvent<C>) => local.add(candidate)
  peer.addEventListener('negotiationneeded', onNeeded)
  peer.addEventListener('icecandidate', onCandidate)

  return {
    /** Makes the first offer. */
    offer: () => run(makeOffer),
    /** Offers an ICE restart; nothing if an offer is on its way already. */
    restart: () => {
      peer.restartIce()
      return run(makeOffer)
    },
    receive: (signal: PeerSignal) =>
      run(() => {
        if (signal.kind === 'offer') return takeOffer(signal)
        return signal.kind === 'answer' ? takeAnswer(signal) : remote.receive(signal)
      }),
    /** Connected: no more candidates are sent until the next offer. */
    connected: () => local.stop(),
    generation: () => generation,
    /** The newest offer was ours. */
    mine: () => mine,
    /** No offer of either side waits for its answer. */
    done: () => claim === null && answered === generation,
    close: () => {
      closed = true
      local.stop()
      peer.removeEventListener('negotiationneeded', onNeeded)
      peer.removeEventListener('icecandidate', onCandidate)
    },
  }
}
export type Negotiation = ReturnType<typeof negotiation>

type Offer = Extract<PeerSignal, { kind: 'offer' }>
type Answer = Extract<PeerSignal, { kind: 'answer' }>

/** Refused since something newer is on its way, or because we stopped: nobody needs to hear of it. */
const OVERTAKEN: ReadonlySet<string> = new Set(['stale-generation', 'request-gone', 'aborted'])

/** Who the peer is, as DTLS will check it: another one cannot take its connection over. */
const fingerprints = (sdp: string) => (sdp.match(/^a=fingerprint:.*$/gm) ?? []).sort().join('\n')
