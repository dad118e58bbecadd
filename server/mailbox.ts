import { holdTimes, isHeld, isRevivable } from '../shared/hold.ts'
import type { PutOutput } from '../shared/mailbox/schema.ts'
import { RuleError } from '../shared/rules.ts'
import { fingerprint, hashSecret, matches, randomId } from './secrets.ts'
import type { Services } from './services.ts'
import type { AnswerDoc, OfferDoc } from './store/docs.ts'
import { holdsOf } from './store/holds.ts'
import { answerTopic } from './subscribe.ts'
import { waitFor } from './waits.ts'

/** What every mailbox call carries besides its input. */
export interface MailboxCall {
  room: string
  /** The Idempotency-Key, if the caller sent one: a repeat gets the first reply. */
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
}
type WithKey = MailboxCall & { key: string | null }

const KEY = /^([\w-]{22})\.([\w-]{22})$/
/** The offer's id and the host's secret in a room key; `wrong-key` for what cannot be one. */
const partsOf = (key: string | null) => {
  const [, offerId, secret] = KEY.exec(key ?? '') ?? []
  if (offerId === undefined || secret === undefined) throw new RuleError('wrong-key')
  return { offerId, secret }
}
/** A lost race is decided again at once; five seconds of losing in a row is an incident, not a race. */
const RACE_MS = 5_000

/**
 * Seed 1, the mailbox room; the functions are the seed's diagrams. One implementation under REST and tRPC.
 * An offer holds its room's name (shared/hold.ts); an answer is unique for its offer and stays behind as a receipt.
 */
export function createMailbox(services: Services) {
  const { store, hub, env, metrics, derive } = services
  const { offers, answers, clock } = store
  const holds = holdsOf(offers, ['offer'])
  const liveOffer = offers.oneBy('room', { live: true })
  const answerOf = answers.oneBy('offerId')
  const times = { expiryMs: env.MAILBOX_EXPIRY_MS, reviveMs: env.MAILBOX_REVIVE_MS }

  /** With an Idempotency-Key the secret can be made again for a repeat, though only its hash is stored. */
  const secretOf = (call: MailboxCall) =>
    call.idempotencyKey === undefined ? randomId() : derive('room-key', call.room, call.idempotencyKey)
  const receiptId = (call: MailboxCall, kind: string) =>
    call.idempotencyKey === undefined ? randomId() : derive(kind, call.room, call.idempotencyKey)

  /** The offer that a room key belongs to; `wrong-key` for any other. */
  const owned = async ({ room, key }: WithKey): Promise<OfferDoc> => {
    const { offerId, secret } = partsOf(key)
    const offer = await offers.byId(offerId)
    if (offer === null || offer.room !== room || !matches(secret, offer.keyHash)) throw new RuleError('wrong-key')
    return offer
  }

  /** 0010-0030, 0050-0060, 0120-0130: stores my offer, or gives the live one. */
  const put = async (call: MailboxCall & { offer: string }): Promise<PutOutput> => {
    const mine = { _id: receiptId(call, 'put'), print: fingerprint(call.offer) }
    const secret = secretOf(call)
    for (const end = performance.now() + RACE_MS; performance.now() < end;) {
      const first = call.idempotencyKey === undefined ? null : await offers.byId(mine._id)
      if (first !== null) return replay(first, { print: mine.print, secret })
      const found = await liveOffer(call.room)
      if (isHeld(found, clock.now()) && found._id !== mine._id) {
        const handed = await handOut(call, found, mine)
        if (handed !== null) return handed
      } else {
        if (found !== null) await evict(found)
        const stored = await claim(call, { ...mine, secret })
        if (stored !== null) return stored
      }
    }
    throw new RuleError('unknown-outcome')
  }

  /** 0050-0110: null when the race was lost; else the room is mine, and a guest may have been faster than this reply. */
  const claim = async (
    { room, offer }: MailboxCall & { offer: string },
    { _id, print, secret }: { _id: string; print: string; secret: string },
  ): Promise<PutOutput | null> => {
    const now = clock.now()
    const keyHash = hashSecret(secret)
    const doc = { _id, room, offer, live: true as const, keyHash, print, at: now, ...holdTimes(now, times) }
    const outcome = await offers.insert(doc)
    if (!outcome.stored) {
      metrics.conflicts.inc({ index: `offers.${outcome.lost}` })
      return null
    }
    const answer = (await answerOf(_id))?.answer
    if (answer !== undefined) await take(doc, `put:${_id}`)
    return answer === undefined ? { kind: 'key', key: `${_id}.${secret}` } : { kind: 'answer', answer }
  }

  /** 0030, with a receipt: a repeat gets the same offer, whatever the room holds by then. Null: a repeat was faster. */
  const handOut = async (
    call: MailboxCall,
    found: OfferDoc,
    mine: { _id: string; print: string },
  ): Promise<PutOutput | null> => {
    const handed = { offer: found.offer ?? '', offerId: found._id }
    if (call.idempotencyKey !== undefined) {
      const now = clock.now()
      const outcome = await offers.insert({ ...mine, room: call.room, handed, at: now, ...holdTimes(now, times) })
      if (!outcome.stored) return null
    }
    return { kind: 'offer', ...handed }
  }

  const replay = async (first: OfferDoc, mine: { print: string; secret: string }): Promise<PutOutput> => {
    if (first.print !== mine.print) throw new RuleError('idempotency-mismatch')
    if (first.handed !== undefined) return { kind: 'offer', ...first.handed }
    const taken = first.takers?.includes(`put:${first._id}`) === true
    const answer = taken ? (await answerOf(first._id))?.answer : undefined
    if (answer !== undefined) return { kind: 'answer', answer }
    return { kind: 'key', key: `${first._id}.${mine.secret}` }
  }

  /** 0130: removes an expired offer and its answer; nothing happens when its host revived it just now. */
  const evict = async (offer: OfferDoc) => {
    if (await holds.evict(offer._id, clock.now())) {
      metrics.expiries.inc({ kind: 'mailbox' })
      await dropAnswer(offer._id)
    }
  }

  /**
   * 3010-3080: shows that the host is there, and takes the answer if there is one (null: not yet). Looks first: an offer
   * whose answer is there needs no renewal, and the key and the answer are read in one round trip.
   */
  const keep = async (call: WithKey & { wait: number }): Promise<string | null> => {
    const { offerId } = partsOf(call.key)
    const by = call.idempotencyKey === undefined ? null : fingerprint('keep', call.idempotencyKey)
    let kept: OfferDoc | null = null
    const ms = Math.min(call.wait, env.MAILBOX_MAX_WAIT_MS)
    return waitFor(services, { topic: answerTopic(offerId), ms, signal: call.signal }, async () => {
      const [offer, found] = await Promise.all([kept ?? owned(call), answerOf(offerId)])
      if (offer.live !== true) return takenBefore(offer, { by, answer: found?.answer })
      if (!isRevivable(offer, clock.now())) throw new RuleError('wrong-key')
      if (found?.answer !== undefined) {
        await take(offer, by)
        return found.answer
      }
      if (kept === null) await renew(offer)
      kept = offer
      return null
    })
  }

  const renew = async ({ _id }: OfferDoc) => {
    const now = clock.now()
    if (!(await holds.renew(_id, now, holdTimes(now, times)))) throw new RuleError('wrong-key')
  }

  /** A repeat of the keep whose reply was lost gets the answer again, also after the room is gone. */
  const takenBefore = ({ takers }: OfferDoc, { by, answer }: { by: string | null; answer: string | undefined }) => {
    if (by === null || answer === undefined || takers?.includes(by) !== true) throw new RuleError('wrong-key')
    return answer
  }

  /** 0100, 3100: one write frees the room and says who took the answer, so that no crash falls between. */
  const take = async ({ _id, at }: OfferDoc, by: string | null) => {
    const taker = by === null ? {} : { $addToSet: { takers: by } }
    await offers.change({
      id: _id,
      when: {},
      update: { $unset: { live: '', offer: '' }, ...taker },
      applied: (doc) => doc.live !== true,
    })
    metrics.offerToAnswer.observe({ kind: 'mailbox' }, (clock.now().getTime() - at.getTime()) / 1_000)
  }

  /** 1010-1100: answers the live offer; the unique index on the offer lets exactly one in. */
  const join = async (call: MailboxCall & { answer: string; offerId?: string | undefined }): Promise<void> => {
    const _id = receiptId(call, 'join')
    const print = fingerprint(call.answer, call.offerId ?? '')
    const first = call.idempotencyKey === undefined ? null : await answers.byId(_id)
    if (first !== null) return sameRequest(first, print)
    const offer = await liveOffer(call.room)
    const now = clock.now()
    const named = call.offerId === undefined || call.offerId === offer?._id
    if (offer === null || !isHeld(offer, now) || !named) throw new RuleError('offer-gone')
    const { room, answer } = call
    const { purgeAt } = holdTimes(now, times)
    const outcome = await answers.insert({ _id, offerId: offer._id, room, answer, print, at: now, purgeAt })
    if (outcome.stored) return hub.notify(answerTopic(offer._id))
    metrics.conflicts.inc({ index: `answers.${outcome.lost}` })
    const winner = call.idempotencyKey === undefined ? null : await answers.byId(_id)
    if (winner === null) throw new RuleError('room-full')
    sameRequest(winner, print)
  }

  const sameRequest = (first: AnswerDoc, print: string) => {
    if (first.print !== print) throw new RuleError('idempotency-mismatch')
  }

  /** 4010-4100: the host gives the room up. */
  const remove = async (call: WithKey): Promise<void> => {
    const offer = await owned(call)
    if (!isRevivable(offer, clock.now()) || !(await holds.release(offer._id))) throw new RuleError('wrong-key')
    await dropAnswer(offer._id)
  }

  const dropAnswer = async (offerId: string) => {
    const found = await answerOf(offerId)
    if (found === null) return
    await answers.change({
      id: found._id,
      when: {},
      update: { $unset: { answer: '' } },
      applied: (doc) => doc.answer === undefined,
    })
  }

  return { put, keep, join, remove }
}
export type Mailbox = ReturnType<typeof createMailbox>
