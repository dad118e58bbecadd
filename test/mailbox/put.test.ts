import { describe, expect, test } from 'bun:test'
import { createMailbox } from '../../server/mailbox.ts'
import { useDatabase } from '../kit/mongo.ts'
import { newRoom, openRest } from './rest.ts'

const { url } = useDatabase(import.meta.path)
const rest = await openRest(url)
const { store, services } = rest

/** The same mailbox with something that happens right before or right after its offer is stored. */
const mailboxWith = (around: { before?: () => Promise<unknown>; after?: () => Promise<unknown> }) => {
  let first = true
  const insert: typeof store.offers.insert = async (doc, lane) => {
    if (!first) return store.offers.insert(doc, lane)
    first = false
    await around.before?.()
    const outcome = await store.offers.insert(doc, lane)
    await around.after?.()
    return outcome
  }
  return createMailbox({ ...services, store: { ...store, offers: { ...store.offers, insert } } })
}

describe('PUT /custom/{room}, edge by edge', () => {
  test('0020 NO, 0055 NO, 0070 NO -> 0080: a free room stores the offer and answers 201 with a room key', async () => {
    const room = newRoom()
    const { status, body } = await rest.put(room, 'my offer')
    expect(status).toBe(201)
    expect(Object.keys(body)).toEqual(['key'])
    const stored = await store.offers.collection.findOne({ room, live: true })
    expect(stored?.offer).toBe('my offer')
    expect(JSON.stringify(stored)).not.toContain(body.key?.split('.')[1] ?? 'no key')
  })

  test('0020 YES, 0120 NO -> 0030: a live offer is handed out with 200 and its id', async () => {
    const room = newRoom()
    const host = await rest.put(room, 'host offer')
    const guest = await rest.put(room, 'guest offer')
    expect(guest).toMatchObject({ status: 200, body: { offer: 'host offer', offerId: host.body.key?.split('.')[0] } })
  })

  test('0030: also when it is answered already; the join then hears 409 room-full', async () => {
    const room = newRoom()
    await rest.put(room, 'host offer')
    expect((await rest.join(room, 'first')).status).toBe(201)
    const late = await rest.put(room, 'late offer')
    expect(late.status).toBe(200)
    expect(late.body.offer).toBe('host offer')
    const join = await rest.join(room, 'late', { offerId: late.body.offerId })
    expect([join.status, join.body.rule]).toEqual([409, 'room-full'])
  })

  test('0120 YES -> 0130 -> 0050: an expired offer and its answer are removed and the room is taken', async () => {
    const room = newRoom()
    const old = await rest.put(room, 'old offer')
    await rest.join(room, 'answer to the old offer')
    await rest.expire(room)
    const fresh = await rest.put(room, 'new offer')
    expect(fresh.status).toBe(201)
    expect(await store.offers.collection.countDocuments({ room, live: true })).toBe(1)
    expect(await store.answers.collection.countDocuments({ room, answer: { $exists: true } })).toBe(0)
    expect((await rest.keep(room, fresh.body.key)).status).toBe(204)
    expect((await rest.keep(room, old.body.key)).status).toBe(400)
  })

  test('0055 YES -> 0005: who loses the race to store is given the winner`s offer', async () => {
    const room = newRoom()
    const mailbox = mailboxWith({ before: () => rest.put(room, 'faster offer') })
    expect(await mailbox.put({ room, offer: 'slower offer' })).toMatchObject({ kind: 'offer', offer: 'faster offer' })
  })

  test('0055 YES -> 0005, twice: the winner was gone again when the loser looked', async () => {
    const room = newRoom()
    const winThenLeave = async () => {
      const winner = await rest.put(room, 'fleeting offer')
      queueMicrotask(() => void rest.remove(room, winner.body.key))
    }
    const result = await mailboxWith({ before: winThenLeave }).put({ room, offer: 'patient offer' })
    expect(['key', 'offer']).toContain(result.kind)
  })

  test('0070 YES -> 0100 -> 0110: a guest faster than the reply: 200 with the answer, offer and answer removed', async () => {
    const room = newRoom()
    const mailbox = mailboxWith({ after: () => rest.join(room, 'quick answer') })
    const result = await mailbox.put({ room, offer: 'host offer' })
    expect(result).toEqual({ kind: 'answer', answer: 'quick answer' })
    expect((await rest.put(room, 'next')).status).toBe(201)
  })
})
