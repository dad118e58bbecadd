import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { MongoClient } from 'mongodb'
import { useDatabase } from '../kit/mongo.ts'
import { startTestMongo } from '../kit/test-mongo.ts'
import { until } from '../kit/until.ts'
import { newRoom, openRest } from './rest.ts'

const { url } = useDatabase(import.meta.path)
const rest = await openRest(url)
const { store } = rest

const admin = await MongoClient.connect(url)
const setTtl = (parameters: object) => admin.db('admin').command({ setParameter: 1, ...parameters })
afterAll(() => admin.close())

describe('expiry is exact with the TTL monitor switched off', () => {
  beforeAll(async () => void (await setTtl({ ttlMonitorEnabled: false })))
  afterAll(async () => void (await setTtl({ ttlMonitorEnabled: true })))

  test('a tick before its time the offer is handed out; a tick after, the room is free', async () => {
    const room = newRoom()
    await rest.put(room, 'host')
    await rest.expire(room, -300)
    expect((await rest.put(room, 'guest')).status).toBe(200)
    await rest.expire(room, 0)
    expect((await rest.join(room, 'answer')).body.rule).toBe('offer-gone')
    expect((await rest.put(room, 'next host')).status).toBe(201)
  })

  test('an offer lives 10 s and can be revived for 2 minutes after', async () => {
    const room = newRoom()
    const before = store.clock.now().getTime()
    await rest.put(room, 'host')
    const stored = await store.offers.collection.findOne({ room })
    const lives = (stored?.expiresAt.getTime() ?? 0) - before
    expect(lives).toBeGreaterThanOrEqual(10_000)
    expect(lives).toBeLessThan(11_000)
    expect((stored?.purgeAt.getTime() ?? 0) - (stored?.expiresAt.getTime() ?? 0)).toBe(120_000)
  })

  test('a host after a blip: its key revives the room while nobody took it', async () => {
    const room = newRoom()
    const host = await rest.put(room, 'host')
    await rest.expire(room, 60_000)
    expect((await rest.join(room, 'too early')).status).toBe(409)
    expect((await rest.keep(room, host.body.key)).status).toBe(204)
    expect((await rest.put(room, 'guest')).body.offer).toBe('host')
  })

  test('past the two minutes the key is lost, even though nothing was swept', async () => {
    const room = newRoom()
    const host = await rest.put(room, 'host')
    const past = new Date(store.clock.now().getTime() - 1)
    await store.offers.collection.updateOne({ room }, { $set: { expiresAt: past, purgeAt: past } })
    expect((await rest.keep(room, host.body.key)).body.rule).toBe('wrong-key')
    expect((await rest.remove(room, host.body.key)).status).toBe(400)
    expect((await rest.put(room, 'next')).status).toBe(201)
  })

  test('revival and take-over at the same moment: exactly one of them has the room', async () => {
    for (let i = 0; i < 25; i++) {
      const room = newRoom()
      const host = await rest.put(room, 'host')
      await rest.expire(room)
      const [kept, put] = await Promise.all([rest.keep(room, host.body.key), rest.put(room, 'taker')])
      expect([kept.status, put.status].join()).toBeOneOf(['204,200', '400,201'])
      expect(await store.offers.collection.countDocuments({ room, live: true })).toBe(1)
    }
  })
})

test('the TTL index sweeps what is past its purgeAt, and only that', async () => {
  const mongo = await startTestMongo({ parameters: { ttlMonitorSleepSecs: 1 } })
  const swept = await openRest(mongo.url)
  try {
    const { offers, answers, clock } = swept.store
    const [old, young] = [newRoom(), newRoom()]
    await swept.put(old, 'old')
    await swept.join(old, 'old answer')
    await swept.put(young, 'young')
    const past = { $set: { purgeAt: new Date(clock.now().getTime() - 1_000) } }
    await offers.collection.updateOne({ room: old }, past)
    await answers.collection.updateOne({ room: old }, past)
    const left = async () =>
      (await offers.collection.countDocuments({ room: old })) + (await answers.collection.countDocuments({ room: old }))
    await until(async () => (await left()) === 0, { deadlineMs: 20_000, what: 'the TTL sweep' })
    expect(await offers.collection.countDocuments({ room: young })).toBe(1)
  } finally {
    await swept.close()
    await mongo.stop()
  }
}, 30_000)
