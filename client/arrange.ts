import { isMeetEnd, MEET_START, type MeetReply, type MeetStep, nextMeetStep } from '../shared/mailbox/machine.ts'
import { FoyerError, toFoyerError } from './errors.ts'
import { type Handshake, type Handshakes, peerFault } from './handshake.ts'
import type { Knocking, Stay } from './knock.ts'
import { backoffMs, pause } from './retry.ts'
import type { ChannelLike } from './rtc.ts'

/** What one visit to the mailbox needs. `enter` is told each step's name. */
export interface Visit<P, C extends ChannelLike> {
  knock: Knocking
  hands: Handshakes<P, C>
  enter: (state: 'gathering' | 'knocking' | 'waiting' | 'answering') => void
  signal: AbortSignal
  leftMs: () => number
}

/** Both descriptions of a connection are exchanged: all that is left is to connect, as host or guest. */
export interface Arranged<P, C extends ChannelLike> {
  role: 'host' | 'guest'
  hand: Handshake<P, C>
}

/** What the steps found so far. */
interface Found<P, C extends ChannelLike> {
  hand: Handshake<P, C> | null
  offer: { offer: string; offerId: string } | null
  stay: Stay | null
  answer: string | null
}

/** How often the mailbox may send us back to the start: each time somebody else was faster. */
const ROUNDS = 8

/**
 * Walks shared/mailbox/machine.ts from PUT to one of its ends. Errors: `room-full`, `timeout` (nobody came), and what the
 * requests give.
 */
export async function arrange<P, C extends ChannelLike>(visit: Visit<P, C>): Promise<Arranged<P, C>> {
  const found: Found<P, C> = { hand: null, offer: null, stay: null, answer: null }
  const asks = asking(visit, found)
  let step: MeetStep = MEET_START
  try {
    for (let rounds = 1; !isMeetEnd(step);) {
      const { reply, error } = await heard(asks[step])
      const next = nextMeetStep(step, reply)
      if (next === null || (next === MEET_START && rounds >= ROUNDS)) throw error
      if (next === MEET_START) await startOver(visit, found, rounds++)
      step = next
    }
  } catch (error) {
    if (step === 'keep') found.stay?.leave()
    throw error
  } finally {
    found.stay?.end()
  }
  if (step === 'full') throw new FoyerError('room-full')
  const hand = expected(found.hand)
  visit.hands.drop(hand.peer)
  if (step === 'host') await peerFault(hand.peer.setRemoteDescription({ type: 'answer', sdp: expected(found.answer) }))
  return { role: step, hand }
}

/** One request for each step: what it was answered, the rest is noted in `found`. */
function asking<P, C extends ChannelLike>({ knock, hands, enter, leftMs }: Visit<P, C>, found: Found<P, C>) {
  const put = async (): Promise<MeetReply> => {
    enter('gathering')
    found.hand = await hands.offer()
    enter('knocking')
    const reply = await knock.put(found.hand.sdp)
    if (reply.kind === 'offer') found.offer = reply
    else if (reply.kind === 'answer') found.answer = reply.answer
    else found.stay = knock.stay(reply.key)
    return reply.kind
  }
  const join = async (): Promise<MeetReply> => {
    enter('answering')
    const { offer, offerId } = expected(found.offer)
    found.hand = await hands.answer(offer)
    await knock.join(found.hand.sdp, offerId)
    await found.hand.begin()
    return 'created'
  }
  const keep = async (): Promise<MeetReply> => {
    enter('waiting')
    found.answer = await expected(found.stay).ask(leftMs())
    return found.answer === null ? 'none' : 'answer'
  }
  return { put, join, keep }
}

/** A reply, or the rule that refused the request: the machine knows which of them lead on. */
async function heard(ask: () => Promise<MeetReply>): Promise<{ reply: string; error: unknown }> {
  try {
    return { reply: await ask(), error: null }
  } catch (thrown) {
    const error = toFoyerError(thrown)
    return { reply: error.rule, error }
  }
}

/** After a random pause, so that two who took the room from each other do not do so for ever. */
async function startOver<P, C extends ChannelLike>({ hands, signal }: Visit<P, C>, found: Found<P, C>, rounds: number) {
  found.stay?.end()
  found.stay = null
  hands.drop()
  await pause(backoffMs(rounds - 1), signal)
}

function expected<T>(value: T | null): T {
  if (value === null) throw new TypeError('The machine took a step whose reply was never heard')
  return value
}
