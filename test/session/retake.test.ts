import { describe, expect, test } from 'bun:test'
import type { SeatDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { flood, idOf, newKey, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)

describe('a client that comes back with its secret', () => {
  test('is never "taken" or "full": it has the same seat, a new generation, and the host gets a new offer', async () => {
    await using kit = await openSessions({ url })
    const hosted = await kit.host('reload', { maxClients: 1 })
    const first = await kit.join('reload', 'Bob')
    const again = await kit.as(first.secret).join({ name: 'reload', clientName: 'Bob', offer: 'offer 2' })
    expect(again).toMatchObject({ generation: 2, polite: true })
    expect(again.secret.split('.')).toEqual([...first.secret.split('.').slice(0, 2), '1'])
    const { requests } = await kit.as(hosted.secret).requests({})
    expect(requests).toEqual([{ client: 'Bob', generation: 2, offer: 'offer 2', restart: false }])
  })

  test('supersedes its old tab, also while that waits, and whatever that was connected with', async () => {
    await using kit = await openSessions({ url })
    const { name, bob, bobSecret } = await kit.pair('supersede', 'connected')
    const { cursor } = await bob.candidates({})
    const waiting = ruleOf(bob.candidates({ wait: 10_000, ...(cursor === undefined ? {} : { cursor }) }))
    await kit.as(bobSecret).join({ name, clientName: 'Bob', offer: 'offer 2' })
    expect(await waiting).toBe('superseded')
    // Its new connection must be made in time, as the first.
    const seat = await db.collection<SeatDoc>('seats').findOne({ _id: idOf(bobSecret) })
    expect(seat?.connected).toBeUndefined()
    expect(seat?.expiresAt.getTime()).toBeLessThan(Date.now() + 130_000)
  })

  test('starts a connection of its own: signals of the old one are neither delivered nor taken', async () => {
    await using kit = await openSessions({ url })
    const { name, alice, bobSecret } = await kit.pair('fresh', 'answered')
    await alice.sendCandidates({ client: 'Bob', generation: 1, candidates: [], end: true })
    const { secret } = await kit.as(bobSecret).join({ name, clientName: 'Bob', offer: 'offer 2' })
    expect((await kit.as(secret).candidates({})).signals).toEqual([])
    const old = { client: 'Bob', generation: 1 }
    expect(await ruleOf(alice.sendCandidates({ ...old, candidates: [], end: true }))).toBe('stale-generation')
    expect(await ruleOf(alice.connected(old))).toBe('stale-generation')
    expect(await ruleOf(alice.connected({ client: 'Bob' }))).toBe('stale-generation')
  })

  test('revives a seat that expired while nobody took it', async () => {
    await using kit = await openSessions({ url })
    const { name, bobSecret } = await kit.pair('revive')
    const expired = { $set: { expiresAt: new Date(Date.now() - 1_000) } }
    await db.collection<SeatDoc>('seats').updateOne({ _id: idOf(bobSecret) }, expired)
    const again = await kit.as(bobSecret).join({ name, clientName: 'Bob', offer: 'offer 2' })
    expect(idOf(again.secret)).toBe(idOf(bobSecret))
  })

  test('joins anew when its seat is gone, when the session is another one, or under another name', async () => {
    await using kit = await openSessions({ url })
    const { name, alice, bobSecret } = await kit.pair('anew')
    const other = await kit.as(bobSecret).join({ name, clientName: 'Robert', offer: 'o' })
    expect(idOf(other.secret)).not.toBe(idOf(bobSecret))
    await alice.drop({ client: 'Bob' })
    const again = await kit.as(bobSecret).join({ name, clientName: 'Bob', offer: 'o' })
    expect(again.generation).toBe(1)
    await kit.host('anew elsewhere')
    const elsewhere = await kit.as(again.secret).join({ name: 'anew elsewhere', clientName: 'Bob', offer: 'o' })
    expect(elsewhere.generation).toBe(1)
  })

  test('repeated under the same key is one take-over; for another offer it is idempotency-mismatch', async () => {
    await using kit = await openSessions({ url })
    const { name, alice, bobSecret } = await kit.pair('twice')
    const as = kit.as(bobSecret, { key: newKey() })
    const first = await as.join({ name, clientName: 'Bob', offer: 'offer 2' })
    await db.collection('signals').deleteMany({ box: idOf(bobSecret) })
    expect(await as.join({ name, clientName: 'Bob', offer: 'offer 2' })).toEqual(first)
    expect(await ruleOf(as.join({ name, clientName: 'Bob', offer: 'offer 3' }))).toBe('idempotency-mismatch')
    expect((await alice.requests({})).requests).toHaveLength(1)
  })

  test('too-many-signals: the host does not read; the seat is as it was', async () => {
    await using kit = await openSessions({ url })
    await using other = await openSessions({ url })
    const { name, bob, aliceSecret, bobSecret } = await kit.pair('flood')
    await flood(kit.foyer, idOf(aliceSecret))
    const again = other.as(bobSecret).join({ name, clientName: 'Bob', offer: 'offer 2' })
    expect(await ruleOf(again)).toBe('too-many-signals')
    expect(await ruleOf(bob.candidates({}))).toBe('ok')
  })

  test('in two tabs at once: each has its own epoch and generation, the later one the seat', async () => {
    await using kit = await openSessions({ url })
    const { name, bobSecret } = await kit.pair('two tabs')
    const offers = ['offer a', 'offer b', 'offer c']
    const tabs = await Promise.all(offers.map((offer) => kit.as(bobSecret).join({ name, clientName: 'Bob', offer })))
    expect(tabs.map(({ generation }) => generation).sort()).toEqual([2, 3, 4])
    const rules = await Promise.all(tabs.map(({ secret }) => ruleOf(kit.as(secret).candidates({}))))
    expect(rules.toSorted()).toEqual(['ok', 'superseded', 'superseded'])
    expect(tabs[rules.indexOf('ok')]?.generation).toBe(4)
  })
})
