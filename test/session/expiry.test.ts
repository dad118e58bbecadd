import { describe, expect, test } from 'bun:test'
import type { SeatDoc, SessionDoc, SignalDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { idOf, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const sessions = db.collection<SessionDoc>('sessions')
const past = (ms: number) => new Date(Date.now() - ms)
/** Moves a session's times: as if its host had been silent for so long after the expiry. */
const silence = (name: string, ms: number) =>
  sessions.updateOne({ name, live: true }, { $set: { expiresAt: past(ms) } })

// No test here waits for the TTL monitor, which runs once a minute: expiry is what the queries say.
describe('a session whose host is silent', () => {
  test('lives until its expiry: one that has a second left is listed, joined and not to be taken', async () => {
    await using kit = await openSessions({ url })
    await kit.host('a second')
    await silence('a second', -1_000)
    expect(await ruleOf(kit.join('a second', 'Bob'))).toBe('ok')
    expect(await ruleOf(kit.host('a second'))).toBe('name-taken')
  })

  test('is revived by any call of its host while nobody took the name', async () => {
    await using kit = await openSessions({ url })
    const { alice, name } = await kit.pair('revived', 'connected')
    await silence(name, 60_000)
    expect(await ruleOf(kit.join(name, 'Carol'))).toBe('session-gone')
    await alice.requests({})
    expect(await ruleOf(kit.join(name, 'Carol'))).toBe('ok')
  })

  test('loses its name to the next host, and its clients and its old secret with it', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name, bobSecret } = await kit.pair('evicted', 'connected')
    await silence(name, 1)
    const next = await kit.host(name)
    expect(next.resumed).toBe(false)
    expect(await ruleOf(alice.requests({}))).toBe('session-gone')
    expect((await bob.candidates({})).signals.at(-1)?.kind).toBe('closed')
    expect(await ruleOf(bob.restart({ generation: 2, offer: 'o' }))).toBe('session-gone')
    const seat = await db.collection<SeatDoc>('seats').findOne({ _id: idOf(bobSecret) })
    expect(seat?.live).toBeUndefined()
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('ok')
  })

  test('is gone at the end of its revival, for its host too', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('over')
    await sessions.updateOne({ name: 'over' }, { $set: { expiresAt: past(2), purgeAt: past(1) } })
    expect(await ruleOf(kit.as(secret).requests({}))).toBe('session-gone')
    expect(await kit.as(secret).host({ name: 'over', hostName: 'Alice' })).toMatchObject({ resumed: false })
  })

  test('that comes back in the moment of its eviction either has its name or hears that it has not', async () => {
    await using one = await openSessions({ url })
    await using two = await openSessions({ url })
    for (let round = 0; round < 20; round++) {
      const name = `moment ${round}`
      const { secret } = await one.host(name)
      await silence(name, 1)
      const [back, taken] = await Promise.all([ruleOf(one.as(secret).requests({})), ruleOf(two.host(name))])
      expect([back, taken].sort()).toEqual(back === 'ok' ? ['name-taken', 'ok'] : ['ok', 'session-gone'])
      expect(await sessions.countDocuments({ name, live: true })).toBe(1)
    }
  })
})

describe('renewal', () => {
  test('is skipped while two thirds of the expiry are left, and done after', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('renewal')
    const expiry = async () => (await sessions.findOne({ name: 'renewal' }))?.expiresAt.getTime()
    const first = await expiry()
    await kit.as(secret).requests({})
    expect(await expiry()).toBe(first)
    await silence('renewal', -19_000)
    await kit.as(secret).requests({})
    expect(await expiry()).toBeGreaterThan(Date.now() + 28_000)
  })

  test('of a host that waits covers the wait', async () => {
    await using kit = await openSessions({ url })
    const { secret } = await kit.host('waiting renewal')
    await silence('waiting renewal', -25_000)
    const patience = new AbortController()
    const waiting = kit.as(secret, { signal: patience.signal }).requests({ wait: 20_000 })
    await kit.as(null).list({})
    patience.abort()
    await waiting
    const session = await sessions.findOne({ name: 'waiting renewal' })
    expect(session?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 28_000)
  })
})

describe('connection state', () => {
  test('expires after two minutes: an offer is not handed out or answered then', async () => {
    await using kit = await openSessions({ url })
    const { alice, aliceSecret } = await kit.pair('old offer')
    const offer = await db.collection<SignalDoc>('signals').findOne({ box: idOf(aliceSecret) })
    expect(offer?.expiresAt.getTime()).toBeWithin(Date.now() + 115_000, Date.now() + 120_001)
    await db.collection<SignalDoc>('signals').updateMany({ box: idOf(aliceSecret) }, { $set: { expiresAt: past(1) } })
    expect((await alice.requests({})).requests).toEqual([])
    expect(await ruleOf(alice.answer({ client: 'Bob', generation: 1, answer: 'a' }))).toBe('request-gone')
  })

  test('of a client that was killed before it connected frees its seat, and of one after it when the host says so', async () => {
    await using kit = await openSessions({ url })
    const { alice, name, bobSecret } = await kit.pair('killed', 'connected')
    await db.collection<SeatDoc>('seats').updateOne({ _id: idOf(bobSecret) }, { $set: { at: past(3_600_000) } })
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('client-name-taken')
    await alice.drop({ client: 'Bob' })
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('ok')
  })
})
