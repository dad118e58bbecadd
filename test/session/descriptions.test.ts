import { describe, expect, test } from 'bun:test'
import type { SignalDoc } from '../../server/store/docs.ts'
import { useDatabase } from '../kit/mongo.ts'
import { flood, idOf, openSessions, ruleOf } from '../kit/session.ts'

const { url, db } = useDatabase(import.meta.path)
const signals = db.collection<SignalDoc>('signals')
const first = { client: 'Bob', generation: 1 }

describe('session.answer', () => {
  test('stale-generation: the offer is not the newest one', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('answer stale')
    expect(await ruleOf(alice.answer({ ...first, generation: 2, answer: 'a' }))).toBe('stale-generation')
    await bob.restart({ generation: 2, offer: 'o2' })
    await expect(alice.answer({ ...first, answer: 'a' })).rejects.toMatchObject({
      cause: { rule: 'stale-generation', details: { limit: 2 } },
    })
  })

  test('request-gone: already answered, my own offer, or expired', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, aliceSecret } = await kit.pair('answer gone')
    expect(await ruleOf(bob.answer({ generation: 1, answer: 'a' }))).toBe('request-gone')
    await alice.answer({ ...first, answer: 'a' })
    expect(await ruleOf(alice.answer({ ...first, answer: 'another' }))).toBe('request-gone')
    await bob.restart({ generation: 2, offer: 'o2' })
    await signals.updateMany({ box: idOf(aliceSecret) }, { $set: { expiresAt: new Date(Date.now() - 1) } })
    expect(await ruleOf(alice.answer({ client: 'Bob', generation: 2, answer: 'a' }))).toBe('request-gone')
  })

  test('seat-gone: no such client; bad-request: the host names none, or a client another one', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('answer whom')
    expect(await ruleOf(alice.answer({ client: 'Nobody', generation: 1, answer: 'a' }))).toBe('seat-gone')
    expect(await ruleOf(alice.answer({ generation: 1, answer: 'a' }))).toBe('bad-request')
    expect(await ruleOf(bob.answer({ client: 'Carol', generation: 1, answer: 'a' }))).toBe('bad-request')
  })

  test('a repeat succeeds and is delivered once, also after the next generation began', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('answer repeat')
    await alice.answer({ ...first, answer: 'a' })
    await alice.answer({ ...first, answer: 'a' })
    expect((await bob.candidates({})).signals).toHaveLength(1)
    await bob.restart({ generation: 2, offer: 'o2' })
    expect(await ruleOf(alice.answer({ ...first, answer: 'a' }))).toBe('ok')
  })

  test('of two different answers at once one is delivered', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('answer race')
    const rules = await Promise.all(['a', 'b', 'c'].map((answer) => ruleOf(alice.answer({ ...first, answer }))))
    expect(rules.sort()).toEqual(['ok', 'request-gone', 'request-gone'])
    expect((await bob.candidates({})).signals).toHaveLength(1)
  })
})

describe('session.restart', () => {
  test('by the client reaches the host as an offer to renegotiate, and is answered under the same secrets', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('restart client', 'connected')
    await bob.restart({ generation: 2, offer: 'o2' })
    const { requests } = await alice.requests({})
    expect(requests).toEqual([{ client: 'Bob', generation: 2, offer: 'o2', restart: true }])
    await alice.answer({ client: 'Bob', generation: 2, answer: 'a2' })
    await alice.sendCandidates({ client: 'Bob', generation: 2, candidates: [], end: true })
    await bob.connected({ generation: 2 })
    expect((await alice.candidates({ client: 'Bob' })).signals.at(-1)).toEqual({ kind: 'connected', client: 'Bob' })
  })

  test('by the host reaches the client, which answers', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('restart host', 'connected')
    await alice.restart({ client: 'Bob', generation: 2, offer: 'o2' })
    const offer = { kind: 'offer' as const, client: 'Bob', generation: 2, offer: 'o2', restart: true }
    expect((await bob.candidates({})).signals).toContainEqual(offer)
    await bob.answer({ generation: 2, answer: 'a2' })
    expect((await alice.candidates({ client: 'Bob' })).signals.at(-1)).toMatchObject({ kind: 'answer', answer: 'a2' })
  })

  test('stale-generation: the other side was first; then the loser answers', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob } = await kit.pair('restart glare', 'connected')
    await alice.restart({ client: 'Bob', generation: 2, offer: 'from Alice' })
    await expect(bob.restart({ generation: 2, offer: 'from Bob' })).rejects.toMatchObject({
      cause: { rule: 'stale-generation', details: { limit: 2 } },
    })
    expect(await ruleOf(bob.restart({ generation: 4, offer: 'from Bob' }))).toBe('stale-generation')
    expect(await ruleOf(bob.answer({ generation: 2, answer: 'a2' }))).toBe('ok')
  })

  test('too-many-signals: the other side does not read', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, bobSecret, aliceSecret } = await kit.pair('restart flood')
    await flood(kit.foyer, idOf(bobSecret))
    expect(await ruleOf(alice.restart({ client: 'Bob', generation: 2, offer: 'o2' }))).toBe('too-many-signals')
    await using other = await openSessions({ url })
    await flood(kit.foyer, idOf(aliceSecret))
    expect(await ruleOf(other.as(bobSecret).restart({ generation: 2, offer: 'o2' }))).toBe('too-many-signals')
    // Nothing was claimed by either.
    expect(await ruleOf(bob.sendCandidates({ generation: 2, candidates: [], end: true }))).toBe('stale-generation')
  })

  test('a repeat succeeds, completes one that died before its offer, and is delivered once', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, aliceSecret } = await kit.pair('restart repeat', 'connected')
    await bob.restart({ generation: 2, offer: 'o2' })
    await signals.deleteMany({ box: idOf(aliceSecret), gen: 2 })
    await bob.restart({ generation: 2, offer: 'o2' })
    await bob.restart({ generation: 2, offer: 'o2' })
    expect((await alice.requests({})).requests).toHaveLength(1)
    await alice.restart({ client: 'Bob', generation: 3, offer: 'o3' })
    expect(await ruleOf(bob.restart({ generation: 2, offer: 'o2' }))).toBe('ok')
    expect(await ruleOf(bob.restart({ generation: 2, offer: 'other' }))).toBe('stale-generation')
  })

  test('one that nobody answers costs nothing: the connection and its seat stay', async () => {
    await using kit = await openSessions({ url })
    const { alice, bob, name } = await kit.pair('restart unanswered', 'connected')
    await bob.restart({ generation: 2, offer: 'o2' })
    expect(await ruleOf(kit.join(name, 'Bob'))).toBe('client-name-taken')
    expect(await ruleOf(bob.connected({ generation: 1 }))).toBe('ok')
    // The unanswered offer is still there: what belongs to a later generation is not dropped with an earlier one.
    expect((await alice.requests({})).requests).toHaveLength(1)
  })
})
