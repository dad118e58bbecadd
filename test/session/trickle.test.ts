import { describe, expect, test } from 'bun:test'
import type { SeatDoc, SignalDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { candidate, flood, idOf, newKey, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const batch = (...texts: string[]) => ({ generation: 1, candidates: texts.map(candidate) })

describe('session.sendCandidates', () => {
  test('stale-generation: of an ICE generation that is over, or has not begun', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('candidates stale', 'answered')
    await alice.restart({ client: 'Bob', generation: 2, offer: 'o2' })
    expect(await ruleOf(bob.sendCandidates(batch('late')))).toBe('stale-generation')
    expect(await ruleOf(bob.sendCandidates({ ...batch('early'), generation: 3 }))).toBe('stale-generation')
    expect(await ruleOf(bob.sendCandidates({ ...batch('right'), generation: 2 }))).toBe('ok')
  })

  test('too-many-signals: the other side does not read', async () => {
    await using kit = await openSessions({ url })
    const { alice, bobSecret } = await kit.pair('candidates flood')
    await flood(kit.foyer, idOf(bobSecret))
    expect(await ruleOf(alice.sendCandidates({ client: 'Bob', ...batch('c') }))).toBe('too-many-signals')
    // What the service has to say still comes through.
    expect(await ruleOf(alice.drop({ client: 'Bob' }))).toBe('ok')
  })

  test('idempotency-mismatch: the key was used for another batch', async () => {
    await using kit = await openSessions({ url })
    const { bobSecret } = await kit.pair('candidates mismatch')
    const bob = kit.as(bobSecret, { key: newKey() })
    await bob.sendCandidates(batch('a'))
    expect(await ruleOf(bob.sendCandidates(batch('b')))).toBe('idempotency-mismatch')
  })

  test('bad-request: over the limits of a batch or a candidate', async () => {
    await using kit = await openSessions({ url })
    const { bob } = await kit.pair('candidates bad')
    const many = batch(...Array.from({ length: 65 }, () => 'c'))
    for (const input of [many, batch('c'.repeat(1_025)), { ...batch('c'), generation: 0 }])
      await expect(bob.sendCandidates(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('a repeat under the same key is delivered once, also after a restart', async () => {
    await using kit = await openSessions({ url })
    const { alice, bobSecret } = await kit.pair('candidates repeat')
    const bob = kit.as(bobSecret, { key: newKey() })
    await bob.sendCandidates(batch('a'))
    await bob.sendCandidates(batch('a'))
    expect((await alice.candidates({ client: 'Bob' })).signals).toHaveLength(2)
    await alice.restart({ client: 'Bob', generation: 2, offer: 'o2' })
    expect(await ruleOf(bob.sendCandidates(batch('a')))).toBe('ok')
  })

  test('is accepted before the answer, by both sides', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('candidates early')
    await bob.sendCandidates(batch('b'))
    await alice.sendCandidates({ client: 'Bob', ...batch('a') })
    await alice.answer({ client: 'Bob', generation: 1, answer: 'answer' })
    expect((await bob.candidates({})).signals.map(({ kind }) => kind)).toEqual(['candidates', 'answer'])
  })
})

describe('session.connected', () => {
  test('stale-generation: nobody answered that one', async () => {
    await using kit = await openSessions({ url })
    const { bob } = await kit.pair('connected never')
    expect(await ruleOf(bob.connected({}))).toBe('stale-generation')
    expect(await ruleOf(bob.connected({ generation: 1 }))).toBe('stale-generation')
    expect(await ruleOf(bob.connected({ generation: 9 }))).toBe('stale-generation')
    // So nobody keeps a seat for ever that the host never let in.
    const { session } = (await db.collection<SeatDoc>('seats').findOne({}, { sort: { at: -1 } })) ?? {}
    expect(session).toBeDefined()
    expect(await db.collection<SeatDoc>('seats').findOne({ session, connected: true })).toBeNull()
  })

  test('empties the signals of this connection in both boxes, and tells the other side once', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name, bobSecret } = await kit.pair('connected', 'answered')
    await kit.join(name, 'Carol')
    await bob.sendCandidates(batch('b'))
    await alice.sendCandidates({ client: 'Bob', ...batch('a') })
    await bob.connected({ generation: 1 })
    await bob.connected({ generation: 1 })
    await bob.connected({})
    expect((await alice.candidates({ client: 'Bob' })).signals).toEqual([{ kind: 'connected', client: 'Bob' }])
    expect((await bob.candidates({})).signals).toEqual([])
    expect((await alice.requests({})).requests.map(({ client }) => client)).toEqual(['Carol'])
    const left = await db
      .collection<SignalDoc>('signals')
      .find({ seat: idOf(bobSecret) })
      .toArray()
    expect(left.filter(({ body }) => body !== undefined)).toHaveLength(1)
  })

  test('keeps name, secret and seat as long as the session, without any further call of the client', async () => {
    await using kit = await openSessions({ url })
    const { bob, bobSecret, name } = await kit.pair('connected seat', 'connected')
    const seat = await db.collection<SeatDoc>('seats').findOne({ _id: idOf(bobSecret) })
    expect(seat?.expiresAt.getFullYear()).toBe(9999)
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('client-name-taken')
    expect(await ruleOf(bob.restart({ generation: 2, offer: 'o2' }))).toBe('ok')
  })

  test('a repeat succeeds when the answer is long gone', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, bobSecret } = await kit.pair('connected long', 'connected')
    await db.collection<SignalDoc>('signals').deleteMany({ seat: idOf(bobSecret) })
    expect(await ruleOf(bob.connected({ generation: 1 }))).toBe('ok')
    expect(await ruleOf(alice.connected({ client: 'Bob' }))).toBe('ok')
  })

  test('counts for a seat that expired in the last moment, while nobody took it', async () => {
    await using kit = await openSessions({ url })
    const { bob, bobSecret } = await kit.pair('connected late', 'answered')
    const expired = { $set: { expiresAt: new Date(Date.now() - 1_000) } }
    await db.collection<SeatDoc>('seats').updateOne({ _id: idOf(bobSecret) }, expired)
    expect(await ruleOf(bob.connected({ generation: 1 }))).toBe('ok')
  })
})
