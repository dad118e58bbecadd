import { describe, expect, test } from 'bun:test'
import { sweepSeats } from '../../server/store/sweep.ts'
import type { SeatDoc, SignalDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { idOf, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const seats = db.collection<SeatDoc>('seats')

describe('the sweep of seats', () => {
  test('frees connected seats whose session TTL has removed, and empties what still lies in their boxes', async () => {
    await using kit = await openSessions({ url })
    const { bob, bobSecret, name } = await kit.pair('removed', 'connected')
    await bob.restart({ generation: 2, offer: 'nobody reads it' })
    await db.collection('sessions').deleteOne({ name })
    expect(await sweepSeats(kit.foyer.store)).toEqual({ seats: 1, signals: 1 })
    const seat = await seats.findOne({ _id: idOf(bobSecret) })
    expect(seat?.live).toBeUndefined()
    // From here on TTL sees it.
    expect(seat?.purgeAt.getTime()).toBeLessThanOrEqual(Date.now() + 1_000)
    const left = await db
      .collection<SignalDoc>('signals')
      .find({ seat: idOf(bobSecret), kind: 'offer' })
      .toArray()
    expect(left.every(({ body }) => body === undefined)).toBe(true)
    expect(await sweepSeats(kit.foyer.store)).toEqual({ seats: 0, signals: 0 })
  })

  test('leaves alone what lives, and what its host may still revive', async () => {
    await using kit = await openSessions({ url })
    const { alice } = await kit.pair('alive', 'connected')
    const { alice: silent, name } = await kit.pair('silent', 'connected')
    await db.collection('sessions').updateOne({ name }, { $set: { expiresAt: new Date(Date.now() - 60_000) } })
    expect(await sweepSeats(kit.foyer.store)).toEqual({ seats: 0, signals: 0 })
    for (const host of [alice, silent]) expect(await ruleOf(host.drop({ client: 'Bob' }))).toBe('ok')
  })

  test('is bounded, and done by several workers at once each seat is counted once', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    await one.host('crowd', { maxClients: 60 })
    await Promise.all(Array.from({ length: 60 }, (_, i) => one.join('crowd', `client ${i}`)))
    await db.collection('sessions').deleteOne({ name: 'crowd' })
    expect((await sweepSeats(one.foyer.store, 10)).seats).toBe(10)
    const stores = [one.foyer.store, two.foyer.store, one.foyer.store]
    const swept = await Promise.all(stores.map((store) => sweepSeats(store)))
    expect(swept.reduce((sum, { seats: each }) => sum + each, 0)).toBe(50)
    expect(await seats.countDocuments({ live: true })).toBe(0)
  })
})
