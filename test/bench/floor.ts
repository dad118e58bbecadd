import assert from 'node:assert/strict'
import type { Db } from 'mongodb'
import { randomId } from '../../server/secrets.ts'
import type { AnswerDoc, OfferDoc } from '../../server/store/docs.ts'
import { INDEXES } from '../../server/store/indexes.ts'
import { answerOf, assertAnswer, assertOffer, type Contender, offerOf } from './handshake.ts'

/** How long the offer lives; the floor renews it as the server does. */
const EXPIRY_MS = 10_000
const REVIVE_MS = 120_000

const times = (now: number) => ({
  expiresAt: new Date(now + EXPIRY_MS),
  purgeAt: new Date(now + EXPIRY_MS + REVIVE_MS),
})

/**
 * The floor: what a handshake costs in MongoDB alone. The same documents, indexes and operations as the server's, asked
 * of the bare driver one operation a round trip, without HTTP, validation or keys.
 */
export async function floor(db: Db): Promise<Contender> {
  const offers = db.collection<OfferDoc>('offers')
  const answers = db.collection<AnswerDoc>('answers')
  await offers.createIndexes(INDEXES.offers)
  await answers.createIndexes(INDEXES.answers)

  const hostPuts = async (room: string, i: number) => {
    assert.equal(await offers.findOne({ room, live: true }), null)
    const at = Date.now()
    const _id = randomId()
    const doc: OfferDoc = {
      _id,
      room,
      offer: offerOf(i),
      live: true,
      keyHash: _id,
      print: _id,
      at: new Date(at),
      ...times(at),
    }
    await offers.insertOne(doc)
    assert.equal(await answers.findOne({ offerId: doc._id }), null)
    return doc._id
  }

  const guestJoins = async (room: string, i: number) => {
    assertOffer(i, (await offers.findOne({ room, live: true }))?.offer)
    const sent = performance.now()
    const offerId = (await offers.findOne({ room, live: true }))?._id ?? ''
    const { purgeAt } = times(Date.now())
    const _id = randomId()
    await answers.insertOne({ _id, offerId, room, answer: answerOf(i), print: _id, at: new Date(), purgeAt })
    return sent
  }

  const hostKeeps = async (offerId: string) => {
    await offers.updateOne({ _id: offerId, live: true, purgeAt: { $gt: new Date() } }, { $max: times(Date.now()) })
    const found = await answers.findOne({ offerId })
    const released = offers.updateOne({ _id: offerId, live: true }, { $unset: { live: '', offer: '' } })
    const taken = answers.updateOne({ _id: found?._id ?? '' }, { $set: { taken: true } })
    const [offer, answer] = await Promise.all([released, taken])
    assert.equal(offer.modifiedCount + answer.modifiedCount, 2)
    return found?.answer
  }

  return {
    name: 'floor: bare driver',
    handshake: async (i) => {
      const room = `bench-${i}`
      const began = performance.now()
      const offerId = await hostPuts(room, i)
      const sent = await guestJoins(room, i)
      const joined = performance.now()
      assertAnswer(i, await hostKeeps(offerId))
      const at = performance.now()
      return { answer: at - sent, whole: at - began, afterJoined: at - joined }
    },
  }
}
